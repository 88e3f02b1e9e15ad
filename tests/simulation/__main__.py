import sys, time
from tests.simulation.plan import plan
from tests.simulation.run import simulate
from collections import Counter
t=time.time(); ends=Counter()
a,b=int(sys.argv[1]),int(sys.argv[2])
for seed in range(a,b):
    o=simulate(seed, plan(seed))
    ends.update(x.split()[1] for x in o.ended)
    if o.broken or b-a==1:
        print(seed, o.digest[:10], o.broken[:3])
        if b-a==1: print("\n".join(o.log))
print(ends, (b-a)/(time.time()-t), "seeds/s")
