"""The network and the loss of MC-SimCLR (arXiv 2309.15938; NT-Xent: arXiv 2002.05709, equation 1).

Maps [N, C, T, F], time before frequency:
    3 x { Conv2d 3x3, padding 1, no bias; BatchNorm2d; ReLU; MaxPool }, pools (2,4) (2,4) (2,2)
    a sequence over time, feature index = channel * F' + frequency
    bidirectional GRU, mean over time          -> embedding [N, 2 * hidden]
    Linear, ReLU, Linear                       -> projection [N, 128]
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

POOLS = ((2, 4), (2, 4), (2, 2))
# As the built-in study's setting `encoder` has them.
SIZES = {"small": dict(width=32, hidden=64), "paper": dict(width=64, hidden=128)}


class Block(nn.Module):
    def __init__(self, cin, cout, pool, relu_after_pool):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(cout)
        self.pool = pool
        # max and ReLU commute exactly (values and gradients); pooling first leaves ReLU 4-8x less to do.
        self.relu_after_pool = relu_after_pool

    def forward(self, x):
        x = self.bn(self.conv(x))
        if self.relu_after_pool:
            return F.relu(F.max_pool2d(x, self.pool), inplace=False)
        return F.max_pool2d(F.relu(x, inplace=True), self.pool)


class MCSimCLR(nn.Module):
    def __init__(self, cin=10, width=64, hidden=128, bins=64, relu_after_pool=False):
        super().__init__()
        self.blocks = nn.Sequential(
            Block(cin, width, POOLS[0], relu_after_pool),
            Block(width, width, POOLS[1], relu_after_pool),
            Block(width, width, POOLS[2], relu_after_pool),
        )
        for _, frequency in POOLS:
            bins //= frequency
        self.gru = nn.GRU(width * bins, hidden, batch_first=False, bidirectional=True)
        self.proj = nn.Sequential(nn.Linear(2 * hidden, 256), nn.ReLU(), nn.Linear(256, 128))

    def embed(self, x):
        x = self.blocks(x)  # [N, C, T', F']
        n, c, t, f = x.shape
        # time-major sequence: contiguous per-step slices for the recurrent GEMMs
        x = x.permute(2, 0, 1, 3).reshape(t, n, c * f)
        y, _ = self.gru(x)
        return y.mean(dim=0)

    def forward(self, x):
        return self.proj(self.embed(x))


def nt_xent(z, temperature=0.1):
    """Rows i and i + B of [2B, features] are views of the same recording."""
    n2 = z.shape[0]
    z = F.normalize(z, dim=1)
    logits = z @ z.t() / temperature
    logits.fill_diagonal_(float("-inf"))
    target = torch.arange(n2, device=z.device).roll(n2 // 2)
    return F.cross_entropy(logits, target)
