/// e to the power x, lane by lane.
///
/// Reduces x to n ln 2 + r and evaluates a polynomial of degree 7 in r; the relative error is below
/// 2e-7 for x in -87...88 (tested against Double); arguments outside are clamped to that range.
@inline(__always)
func exponential(_ x: Vector) -> Vector {
    // Not `clamped`, which is not inlined.
    var clamped = x.replacing(with: Vector(repeating: -87), where: x .< -87)
    clamped = clamped.replacing(with: Vector(repeating: 88), where: clamped .> 88)
    // Adding 1.5 * 2^23 leaves the nearest integer in the low bits: no conversion is needed.
    let magic = Vector(repeating: 12_582_912)
    let shifted = magic.addingProduct(clamped, Vector(repeating: 1.442_695_04))
    let n = shifted - magic
    var r = clamped.addingProduct(n, Vector(repeating: -0.693_145_751_953_125))
    r = r.addingProduct(n, Vector(repeating: -1.428_606_765_330_187_05e-6))
    var p = Vector(repeating: 1.987_569_15e-4)
    p = Vector(repeating: 1.398_199_950_7e-3).addingProduct(p, r)
    p = Vector(repeating: 8.333_451_907_3e-3).addingProduct(p, r)
    p = Vector(repeating: 4.166_579_589_4e-2).addingProduct(p, r)
    p = Vector(repeating: 1.666_666_545_9e-1).addingProduct(p, r)
    p = Vector(repeating: 5.000_000_120_1e-1).addingProduct(p, r)
    p = (r + 1).addingProduct(p, r * r)
    let bits = unsafeBitCast(p, to: SIMD16<UInt32>.self)
    let exponent = unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &<< 23
    return unsafeBitCast(bits &+ exponent, to: Vector.self)
}

/// 1 / (1 + e^-x). Absolute error below 2e-7.
@inline(__always)
func logistic(_ x: Vector) -> Vector {
    1 / (1 + exponential(-x))
}

/// The hyperbolic tangent. Absolute error below 3e-7.
@inline(__always)
func hyperbolicTangent(_ x: Vector) -> Vector {
    1 - 2 / (1 + exponential(x + x))
}

/// The functions above on whole arrays, for their tests.
package enum Elementary {
    package static func exponential(_ x: [Float]) -> [Float] { map(x, NeuralNetwork.exponential) }
    package static func logistic(_ x: [Float]) -> [Float] { map(x, NeuralNetwork.logistic) }
    package static func hyperbolicTangent(_ x: [Float]) -> [Float] {
        map(x, NeuralNetwork.hyperbolicTangent)
    }

    private static func map(_ x: [Float], _ function: (Vector) -> Vector) -> [Float] {
        stride(from: 0, to: x.count, by: 16).flatMap { first in
            var vector = Vector()
            let count = min(16, x.count - first)
            for lane in 0..<count { vector[lane] = x[first + lane] }
            let result = function(vector)
            return (0..<count).map { result[$0] }
        }
    }
}
