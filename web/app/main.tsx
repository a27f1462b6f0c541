import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app.css';
import { usePreferences } from '../client/preferences.ts';
import { connect } from '../client/session.ts';
import { App } from './app.tsx';
import { watchRelease } from './release-watch.ts';
import { applyTheme } from './theme.ts';
import { installDefaultPolicy } from './trusted-types.ts';

installDefaultPolicy();
applyTheme(usePreferences.getState().theme);
usePreferences.subscribe(({ theme }) => applyTheme(theme));

const root = document.getElementById('app');
if (root !== null) createRoot(root).render(<StrictMode>{<App />}</StrictMode>);

void connect();
if (import.meta.env.PROD) setTimeout(watchRelease, 3000);
