"""google-vizier GP_UCB_PE designer (what the service's DEFAULT algorithm is), in-process, jax on CPU."""
import logging
import os
import warnings

os.environ.setdefault("JAX_PLATFORMS", "cpu")
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
import jax

jax.config.update("jax_enable_x64", True)   # in float32 pure-float spaces can yield empty (NaN) suggestions
from vizier import algorithms as vza
from vizier import pyvizier as vz
from vizier._src.algorithms.designers import gp_ucb_pe


class VizierGPUCBPE:
    def __init__(self, space, seed, budget):
        prob = vz.ProblemStatement()
        root = prob.search_space.root
        self.kind = {p["name"]: p["type"] for p in space}
        for p in space:
            if p["type"] == "cat":
                root.add_categorical_param(p["name"], p["choices"])
            else:
                st = vz.ScaleType.LOG if p["log"] else vz.ScaleType.LINEAR
                add = root.add_int_param if p["type"] == "int" else root.add_float_param
                add(p["name"], p["lo"], p["hi"], scale_type=st)
        prob.metric_information.append(vz.MetricInformation("obj", goal=vz.ObjectiveMetricGoal.MINIMIZE))
        self.d = gp_ucb_pe.VizierGPUCBPEBandit(prob, rng=jax.random.PRNGKey(seed))
        self.n = 0

    def ask(self):
        self.n += 1
        self.t = self.d.suggest(1)[0].to_trial(self.n)
        return {k: self.t.parameters.get_value(k) for k in self.kind}

    def tell(self, params, value):
        self.t.complete(vz.Measurement({"obj": value}))
        self.d.update(vza.CompletedTrials([self.t]), vza.ActiveTrials())
