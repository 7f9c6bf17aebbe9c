import { test } from 'vitest';
import { parse } from '../../../src/code/document';
import { bindingsOf } from '../../../src/code/bindings';
import { mentionAt, mentions } from '../../../src/code/mentions';
import { completionAt } from '../../../src/code/completion';
test('x', () => {
 for (const nest of ['(', '[', '{', 'f(', 'a.', 'a.b(', 'not ', 'lambda: ', 'x if ', '`${', 'a=>', '(a,b)=', '[x for x in ', 'class A:\n', "{activation:'", 'if x:\n', '<a>', "activation=('", 'a=(a,', 'a.b(x)', '.a()', '-', 'a+', 'def f():\n', 'x=x\n', 'x=F.x\n', 'x(x,'])
  for (const language of ['python', 'tsx'] as const) {
   const t0=performance.now(); const d = parse(nest.repeat(10000), language);
   const t1=performance.now(); bindingsOf(d);
   const t2=performance.now(); const n=mentions(d).length;
   const t3=performance.now(); let w=0; for (let o=0;o<d.text.length;o+=1999){const a=performance.now();mentionAt(d,o);w=Math.max(w,performance.now()-a);}
   const t4=performance.now(); let c=0; for (let o=0;o<d.text.length;o+=4999){const a=performance.now();completionAt(d,o);c=Math.max(c,performance.now()-a);}
   if (t4-t1>200||c>100) console.log(JSON.stringify(nest), language, 'parse',(t1-t0).toFixed(0),'bind',(t2-t1).toFixed(0),'mentions',n,(t3-t2).toFixed(0),'worst at',w.toFixed(1),'completion',c.toFixed(0));
  }
});
