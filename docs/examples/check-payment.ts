import { LightClient } from 'valuecyber/light';
import { parseAmount } from 'valuecyber/protocol';

// node check-payment.ts <network.json> <address> <amount in VC> <confirmations>
const [network = '', address = '', text = '', depth = '1'] = process.argv.slice(2);

const amount = parseAmount(text);
if (typeof amount !== 'bigint') throw new Error(amount.fault);

const client = await LightClient.open({
  network,
  onAlarm: ({ code, peer }) => console.error(code, peer ?? ''),
});
try {
  const paid = await client.waitForPayment({ address, amount, confirmations: Number(depth), seconds: 600 });
  for (const coin of paid.coins) console.log(`${coin.amount} units in ${coin.outpoint}, block ${coin.height}`);
  console.log(`verified: ${paid.confirmations} deep, ${paid.state.peersAgreeing} nodes agree`);
} finally {
  await client.close();
}
