"""Writes torch_paths.json: where torch.optim itself goes on f(w) = (1 - w0)^2 + 2 (w1 - w0^2)^2.

Run with any Python that has PyTorch: python make_torch_paths.py > torch_paths.json. The tests read the file, so they need none.
"""
import json

import torch

torch.set_default_dtype(torch.float64)
CASES = {
 "GradientDescent(0.05)": lambda p: torch.optim.SGD(p, lr=0.05),
 "GradientDescent(0.01, momentum=0.9)": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
 "GradientDescent(0.01, momentum=0.9, nesterov=True, weight_decay=0.05)": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.05),
 "AdaGrad()": lambda p: torch.optim.Adagrad(p),
 "AdaGrad(0.2, rate_decay=0.1, weight_decay=0.01, initial=0.3, eps=0.01)": lambda p: torch.optim.Adagrad(p, lr=0.2, lr_decay=0.1, weight_decay=0.01, initial_accumulator_value=0.3, eps=0.01),
 "RMSprop()": lambda p: torch.optim.RMSprop(p),
 "RMSprop(0.05, alpha=0.9, eps=0.001, weight_decay=0.02, momentum=0.7, centered=True)": lambda p: torch.optim.RMSprop(p, lr=0.05, alpha=0.9, eps=0.001, weight_decay=0.02, momentum=0.7, centered=True),
 "Adam()": lambda p: torch.optim.Adam(p),
 "Adam(0.1, betas=(0.7, 0.95), eps=0.01, weight_decay=0.03)": lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.7, 0.95), eps=0.01, weight_decay=0.03),
 "AdamW()": lambda p: torch.optim.AdamW(p),
 "AdamW(0.1, betas=(0.7, 0.95), eps=0.01, weight_decay=0.2)": lambda p: torch.optim.AdamW(p, lr=0.1, betas=(0.7, 0.95), eps=0.01, weight_decay=0.2),
}
SCHEDULES = {
 "StepDecay(every=7, factor=0.5)": lambda o: torch.optim.lr_scheduler.StepLR(o, 7, 0.5),
 "Exponential(0.9)": lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.9),
 "Cosine(40, least=0.1)": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 40, 0.003),
}
CLIPS = {"0.5": 0.5, "2.0": 2.0}              # longest gradient, for plain descent at rate 0.05
START = [1.2, -0.7]


def rosen(w): return (1 - w[0])**2 + 2*(w[1] - w[0]**2)**2


def run(make, sched=None, steps=40, clip=None):
    w = torch.tensor(START, requires_grad=True)
    optimizer, path = make([w]), []
    schedule = sched(optimizer) if sched else None
    for _ in range(steps):
        optimizer.zero_grad()
        rosen(w).backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_([w], clip)
        optimizer.step()
        if schedule:
            schedule.step()
        path.append(w.detach().tolist())
    return path


out = {"torch": torch.__version__, "start": START, "steps": 40, "every": 4,
 "optimizers": {k: run(m)[3::4] for k, m in CASES.items()},
 "clips": {k: run(lambda p: torch.optim.SGD(p, lr=0.05), clip=c)[3::4] for k, c in CLIPS.items()},
 "schedules": {k: run(lambda p: torch.optim.SGD(p, lr=0.03), m)[3::4] for k, m in SCHEDULES.items()}}
print(json.dumps(out))
