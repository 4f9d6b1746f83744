// Unsafe: reads vectors behind the end of what is multiplied, where each map has zeros for it.

extension SoundMap {
    /// Zeros that stand behind the numbers of a map, so that products may end within a vector.
    static let productStep = 16

    /// The sum of the products of `count` numbers of each.
    ///
    /// One of the two ends where the stretch ends, but for ``productStep`` zeros.
    static func product(
        _ left: [Float], _ leftStart: Int, _ right: [Float], _ rightStart: Int, count: Int
    ) -> Double {
        let steps = (count + productStep - 1) / productStep
        precondition(leftStart + steps * productStep <= left.count)
        precondition(rightStart + steps * productStep <= right.count)
        return left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                var sum = SIMD16<Float>()
                for step in 0..<steps {
                    let place = step * productStep
                    sum +=
                        left.loadUnaligned(
                            fromByteOffset: 4 * (leftStart + place), as: SIMD16<Float>.self)
                        * right.loadUnaligned(
                            fromByteOffset: 4 * (rightStart + place), as: SIMD16<Float>.self)
                }
                return Double(sum.sum())
            }
        }
    }
}
