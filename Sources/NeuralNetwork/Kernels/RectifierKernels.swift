/// max(x, 0).
func rectify(
    _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int
) {
    for index in 0..<count { output[index] = max(input[index], 0) }
}

/// Clears the gradient where the rectifier's output is zero.
func maskWhereZero(
    _ output: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>, count: Int
) {
    for index in 0..<count where !(output[index] > 0) { gradient[index] = 0 }
}
