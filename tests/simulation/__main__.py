import sys, time
from tests.simulation.plan import plan
from tests.simulation.run import simulate
from collections import Counter
t=time.process_time(); ends=Counter()
a,b=int(sys.argv[1]),int(sys.argv[2])
for seed in range(a,b):
    o=simulate(seed, plan(seed))
    ends.update(x.split()[1] for x in o.ended)
    if o.broken or len(sys.argv)>3:
        print(seed, o.digest[:10], [x[:600] for x in o.broken[:3]],flush=True)
        if len(sys.argv)>3: print("\n".join(o.log))
print(ends, (b-a)/(time.process_time()-t), "seeds/s", file=sys.stderr)
