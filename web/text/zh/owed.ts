import type { Messages } from '../messages.ts';

export const owed: Pick<Messages, 'debts'> = {
  debts: {
    title: '债务',
    lead: '以你的名义所欠的款项，最近到期的在前。每一笔都在本浏览器中核验过。',
    list: '债务，最近到期在前',
    total: '欠款合计',
    overdue: '已逾期',
    credit: '可用授信',
    emptyTitle: '没有债务',
    emptyText: '动用代理人授予你的授信时，就会产生债务。届时这里会列出欠款金额和到期时间。',
    due: (date) => `${date} 到期`,
    dueAbout: (date, height) => `区块 ${height} 到期，约 ${date}`,
    never: '没有期限',
    other: '其他脚本：不冻结任何人',
    left: (span) => `还有 ${span}`,
    past: (span) => `已逾期 ${span}`,
    states: {
      'on-track': '正常',
      'due-soon': '即将到期',
      'three-days': '三天内到期',
      'one-day': '一天内到期',
      overdue: '已逾期：冻结',
    },
    nearest: (amount, date) => `${amount} VC 将于 ${date} 到期。`,
    nearestTitle: '有债务即将到期',
    frozenTitle: '你的一个地址被冻结',
    frozenText: (amount) => `以它的名义所欠的 ${amount} VC 已逾期。它持有的款项在还清之前只能用于还款。任何人都可以代还。`,
    open: '查看债务',
    ifUnpaid: '到期未还的债务会冻结它所指名的地址：该地址的价值和授信此后只能用于还款。',
  },
};
