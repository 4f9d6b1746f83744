"""Embeddings of an exported bank's recordings by an encoder of pretrain.py, for `embeddings` of a sweep file.

    embed.py BANK ENCODER.pt OUT.npy [--encoder small] [--pooling 2] [--patch 64] [--seed 0]
    embed.py BANK random OUT.npy     an encoder that has learnt nothing

Any other model does it like this: a row of numbers for each recording of index.csv, in its order, and
beside the array a file that names the index.
"""
import argparse
import json
import os

import numpy as np
import torch

from bank import Bank, Normalisation
from model import SIZES, MCSimCLR
from probe import calibrate, embeddings


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bank")
    parser.add_argument("weights")
    parser.add_argument("out")
    parser.add_argument("--encoder", choices=sorted(SIZES), default="small")
    parser.add_argument("--pooling", type=int, default=2)
    parser.add_argument("--patch", type=int, default=64, help="frames, before pooling")
    parser.add_argument("--seed", type=int, default=0, help="of an encoder that has learnt nothing")
    given = parser.parse_args()
    bank = Bank(given.bank, given.pooling)
    patch = given.patch // given.pooling
    torch.manual_seed(given.seed)
    model = MCSimCLR(bank.maps.shape[1], bins=bank.maps.shape[3], relu_after_pool=True,
                     **SIZES[given.encoder]).to(memory_format=torch.channels_last)
    if given.weights == "random":
        normalisation = Normalisation.of(bank, 0.2)
        calibrate(model, bank, normalisation, patch, given.seed)
    else:
        state = torch.load(given.weights)
        model.load_state_dict(state["model"])
        normalisation = Normalisation(state["mean"], state["scale"], state["level"])
    model.eval()
    rows = embeddings(model, bank, list(range(len(bank.rows))), normalisation, patch)
    np.save(given.out, np.ascontiguousarray(rows.numpy(), "<f4"))
    with open(os.path.join(given.bank, "bank.json")) as file:
        index = json.load(file)["index"]
    with open(given.out + ".json", "w") as file:
        json.dump({"index": index}, file)
    print(f"{given.out}: {rows.shape[0]} recordings, {rows.shape[1]} numbers each")


if __name__ == "__main__":
    main()
