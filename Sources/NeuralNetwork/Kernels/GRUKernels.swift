/// The gates of one step, from the products with input and state.
///
/// Shape: input [rows, stride] and recurrent [rows, 3 units]; state [rows, units]; saved
/// [rows, 4, units]: reset, update, new, recurrent part of new.
func gruGates(
    _ input: UnsafePointer<Float>, stride: Int, recurrent: UnsafePointer<Float>,
    inputBias: UnsafePointer<Float>, recurrentBias: UnsafePointer<Float>,
    previous: UnsafePointer<Float>?, state: UnsafeMutablePointer<Float>,
    saved: UnsafeMutablePointer<Float>, rows: Int, units: Int
) {
    for row in 0..<rows {
        let x = input + row * stride
        let h = recurrent + row * 3 * units
        let kept = saved + row * 4 * units
        for first in Swift.stride(from: 0, to: units, by: 16) {
            let width = min(16, units - first)
            let (i, j, k) = (first, units + first, 2 * units + first)
            let reset = logistic(
                load(x + i, width) + load(h + i, width) + load(inputBias + i, width)
                    + load(recurrentBias + i, width))
            let update = logistic(
                load(x + j, width) + load(h + j, width) + load(inputBias + j, width)
                    + load(recurrentBias + j, width))
            let inner = load(h + k, width) + load(recurrentBias + k, width)
            let new = hyperbolicTangent(
                (load(x + k, width) + load(inputBias + k, width)).addingProduct(reset, inner))
            let before = previous.map { load($0 + row * units + first, width) } ?? Vector()
            store(new.addingProduct(update, before - new), state + row * units + first, width)
            store(reset, kept + i, width)
            store(update, kept + j, width)
            store(new, kept + k, width)
            store(inner, kept + 3 * units + first, width)
        }
    }
}

/// The gradient of ``gruGates``: adds `scale * gradient` to the carried gradient of the state, and
/// leaves in `carry` what goes straight to the state before.
func gruGatesBackward(
    _ gradient: UnsafePointer<Float>, stride: Int, scale: Float,
    carry: UnsafeMutablePointer<Float>, previous: UnsafePointer<Float>?,
    saved: UnsafePointer<Float>, inputGates: UnsafeMutablePointer<Float>, inputStride: Int,
    recurrentGates: UnsafeMutablePointer<Float>, rows: Int, units: Int
) {
    for row in 0..<rows {
        let kept = saved + row * 4 * units
        let x = inputGates + row * inputStride
        let h = recurrentGates + row * 3 * units
        for first in Swift.stride(from: 0, to: units, by: 16) {
            let width = min(16, units - first)
            let (i, j, k) = (first, units + first, 2 * units + first)
            let place = carry + row * units + first
            let dState = load(place, width).addingProduct(
                load(gradient + row * stride + first, width), Vector(repeating: scale))
            let reset = load(kept + i, width)
            let update = load(kept + j, width)
            let new = load(kept + k, width)
            let inner = load(kept + 3 * units + first, width)
            let before = previous.map { load($0 + row * units + first, width) } ?? Vector()
            let dNew = dState * (1 - update) * (1 - new * new)
            let dUpdate = dState * (before - new) * update * (1 - update)
            let dReset = dNew * inner * reset * (1 - reset)
            store(dReset, x + i, width)
            store(dUpdate, x + j, width)
            store(dNew, x + k, width)
            store(dReset, h + i, width)
            store(dUpdate, h + j, width)
            store(dNew * reset, h + k, width)
            store(dState * update, place, width)
        }
    }
}

/// Adds the mean over time of [steps, count, units], of some of the `count`, to rows of the given stride.
func addMeanOverTime(
    _ states: UnsafePointer<Float>, _ rows: Range<Int>,
    into output: UnsafeMutablePointer<Float>, stride: Int, steps: Int, count: Int, units: Int
) {
    let scale = 1 / Float(steps)
    for step in 0..<steps {
        for row in rows {
            let line = states + (step * count + row) * units
            for unit in 0..<units { output[row * stride + unit] += scale * line[unit] }
        }
    }
}
