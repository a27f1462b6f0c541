/** What the chain worker posts to the window once there is a proof to check. */
export const COMPUTE_WANTED = 'compute-wanted';
