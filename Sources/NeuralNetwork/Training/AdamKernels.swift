/// One step of Adam on one tensor. Works on whole vectors: storage is padded to 16 with zeros, and a
/// zero gradient with zero moments leaves a zero.
///
/// - Parameter kept: what a step leaves of the value before it is moved; 1 changes no bit.
func adamUpdate(
    _ value: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    mean: UnsafeMutablePointer<Float>, square: UnsafeMutablePointer<Float>, count: Int,
    beta1: Float, beta2: Float, stepSize: Float, rootScale: Float, epsilon: Float, kept: Float
) {
    for first in stride(from: 0, to: count, by: 16) {
        let g = load(gradient + first)
        var m = load(mean + first)
        m = m.addingProduct(g - m, Vector(repeating: 1 - beta1))
        store(m, mean + first)
        let v = (load(square + first) * beta2).addingProduct(g * g, Vector(repeating: 1 - beta2))
        store(v, square + first)
        let root = v.squareRoot() * rootScale + epsilon
        store(load(value + first) * kept - stepSize * (m / root), value + first)
    }
}
