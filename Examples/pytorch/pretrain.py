"""Contrastive pretraining: two augmented views of each recording, NT-Xent on their projections."""
import json
import math
import os
import signal
import sys
import time

import torch

from bank import Bank, Normalisation
from model import SIZES, MCSimCLR, nt_xent
from views import Views


def rate(step, settings):
    """Rises linearly to the peak, then falls along half a cosine."""
    steps, peak = settings["pretraining_steps"], settings["learning_rate"]
    rising = round(steps * settings["warm_up_fraction"])
    if step < rising:
        return peak * (step + 1) / rising
    return peak * 0.5 * (1 + math.cos(math.pi * min(1, (step - rising) / max(1, steps - rising))))


def save(file, **state):
    torch.save(state, file + ".part")
    os.replace(file + ".part", file)


def main():
    with open(os.environ["ABLATE_TRIAL"]) as file:
        trial = json.load(file)
    settings, output = trial["settings"], trial["output"]
    torch.set_num_threads(trial["threads"])
    bank = Bank(sys.argv[1], settings["feature_pooling"])
    normalisation = Normalisation.of(bank, settings["gcc_weight"])
    views = Views(bank, normalisation, settings, trial["seed"])
    torch.manual_seed(trial["seed"])
    model = MCSimCLR(bank.maps.shape[1], bins=views.bins, relu_after_pool=True,
                     **SIZES[settings["encoder"]]).to(memory_format=torch.channels_last)
    optimiser = torch.optim.Adam(model.parameters(), fused=True)
    unfinished, first = os.path.join(output, "unfinished.pt"), 0
    if os.path.exists(unfinished):
        state = torch.load(unfinished)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
        print(f"goes on at step {first}")
    # Asked to end, it keeps what it has.
    asked = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    steps, saved, trained = settings["pretraining_steps"], time.monotonic(), 0.0
    with open(os.path.join(output, "curves.jsonl"), "a") as curves:
        for step in range(first, steps):
            batch = views.batch(step).contiguous(memory_format=torch.channels_last)
            start = time.perf_counter()
            for group in optimiser.param_groups:
                group["lr"] = rate(step, settings)
            optimiser.zero_grad(set_to_none=True)
            loss = nt_xent(model(batch), settings["temperature"])
            loss.backward()
            optimiser.step()
            trained += time.perf_counter() - start
            if not math.isfinite(loss.item()):
                raise SystemExit(f"the loss is {loss.item()} at step {step}")
            if step % 10 == 9 or step == steps - 1:
                speed = settings["batch_size"] * (step + 1 - first) / trained
                print(json.dumps({"step": step + 1, "steps": steps, "loss": loss.item(), "rate": speed}),
                      file=curves, flush=True)
            if asked or time.monotonic() - saved > 60:
                save(unfinished, model=model.state_dict(), optimiser=optimiser.state_dict(), step=step + 1)
                saved = time.monotonic()
                if asked:
                    raise SystemExit("stopped; goes on from here")
    print(f"{settings['batch_size'] * (steps - first) / trained:.1f} examples/s without drawing the views")
    save(os.path.join(output, "encoder.pt"), model=model.state_dict(), mean=normalisation.mean,
         scale=normalisation.scale, level=normalisation.level)


if __name__ == "__main__":
    main()
