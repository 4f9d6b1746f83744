/// G g G^T of one kernel. Shape: kernel [3, 3], result [6, 6]; scratch holds 18 floats.
@inline(__always)
func spreadKernel(
    _ kernel: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>,
    scratch rows: UnsafeMutablePointer<Float>
) {
    for column in 0..<3 {
        spread(kernel[column], kernel[3 + column], kernel[6 + column]) {
            rows[$0 * 3 + column] = $1
        }
    }
    for row in 0..<6 {
        let line = rows + row * 3
        spread(line[0], line[1], line[2]) { result[row * 6 + $0] = $1 }
    }
}

/// One dimension of G.
@inline(__always)
private func spread(
    _ a: Float, _ b: Float, _ c: Float, _ put: (_ index: Int, _ value: Float) -> Void
) {
    let even = a + c
    let quarter = a + 4 * c
    put(0, a / 4)
    put(1, -(even + b) / 6)
    put(2, -(even - b) / 6)
    put(3, (quarter + 2 * b) / 24)
    put(4, (quarter - 2 * b) / 24)
    put(5, c)
}

/// B^T d B.
@inline(__always)
func winogradInput(
    _ source: UnsafePointer<Float>, stride: Int, pitch: Int,
    into target: UnsafeMutablePointer<Float>, plane: Int,
    intermediate: UnsafeMutablePointer<Float>
) {
    let middle = intermediate
    for column in 0..<6 {
        let d = source + column * stride
        let t = forwardInput(
            load(d), load(d + pitch), load(d + 2 * pitch), load(d + 3 * pitch),
            load(d + 4 * pitch), load(d + 5 * pitch))
        let m = middle + column * 16
        store(t.0, m)
        store(t.1, m + 96)
        store(t.2, m + 192)
        store(t.3, m + 288)
        store(t.4, m + 384)
        store(t.5, m + 480)
    }
    for row in 0..<6 {
        let m = middle + row * 96
        let t = forwardInput(
            load(m), load(m + 16), load(m + 32), load(m + 48), load(m + 64), load(m + 80))
        let v = target + row * 6 * plane
        store(t.0, v)
        store(t.1, v + plane)
        store(t.2, v + 2 * plane)
        store(t.3, v + 3 * plane)
        store(t.4, v + 4 * plane)
        store(t.5, v + 5 * plane)
    }
}

/// A^T m A, of which `height` x `width` are kept.
@inline(__always)
func winogradOutput(
    _ source: UnsafePointer<Float>, plane: Int, into target: UnsafeMutablePointer<Float>,
    stride: Int, pitch: Int, height: Int, width: Int,
    intermediate: UnsafeMutablePointer<Float>
) {
    let middle = intermediate
    for column in 0..<6 {
        let v = source + column * plane
        let y = forwardOutput(
            load(v), load(v + 6 * plane), load(v + 12 * plane), load(v + 18 * plane),
            load(v + 24 * plane), load(v + 30 * plane))
        let m = middle + column * 16
        store(y.0, m)
        store(y.1, m + 96)
        store(y.2, m + 192)
        store(y.3, m + 288)
    }
    for row in 0..<height {
        let m = middle + row * 96
        let y = forwardOutput(
            load(m), load(m + 16), load(m + 32), load(m + 48), load(m + 64), load(m + 80))
        let line = target + row * pitch
        store(y.0, line)
        if width > 1 { store(y.1, line + stride) }
        if width > 2 { store(y.2, line + 2 * stride) }
        if width > 3 { store(y.3, line + 3 * stride) }
    }
}

/// A y A^T.
@inline(__always)
func winogradOutputGradient(
    _ source: UnsafePointer<Float>, stride: Int, pitch: Int,
    into target: UnsafeMutablePointer<Float>, plane: Int,
    intermediate: UnsafeMutablePointer<Float>
) {
    let middle = intermediate
    for column in 0..<4 {
        let y = source + column * stride
        let t = backwardOutput(
            load(y), load(y + pitch), load(y + 2 * pitch), load(y + 3 * pitch))
        let m = middle + column * 16
        store(t.0, m)
        store(t.1, m + 96)
        store(t.2, m + 192)
        store(t.3, m + 288)
        store(t.4, m + 384)
        store(t.5, m + 480)
    }
    for row in 0..<6 {
        let m = middle + row * 96
        let t = backwardOutput(load(m), load(m + 16), load(m + 32), load(m + 48))
        let v = target + row * 6 * plane
        store(t.0, v)
        store(t.1, v + plane)
        store(t.2, v + 2 * plane)
        store(t.3, v + 3 * plane)
        store(t.4, v + 4 * plane)
        store(t.5, v + 5 * plane)
    }
}

/// Adds B v B^T.
@inline(__always)
func winogradInputGradient(
    _ source: UnsafePointer<Float>, plane: Int, into target: UnsafeMutablePointer<Float>,
    stride: Int, pitch: Int, intermediate: UnsafeMutablePointer<Float>
) {
    let middle = intermediate
    for column in 0..<6 {
        let v = source + column * plane
        let d = backwardInput(
            load(v), load(v + 6 * plane), load(v + 12 * plane), load(v + 18 * plane),
            load(v + 24 * plane), load(v + 30 * plane))
        let m = middle + column * 16
        store(d.0, m)
        store(d.1, m + 96)
        store(d.2, m + 192)
        store(d.3, m + 288)
        store(d.4, m + 384)
        store(d.5, m + 480)
    }
    for row in 0..<6 {
        let m = middle + row * 96
        let d = backwardInput(
            load(m), load(m + 16), load(m + 32), load(m + 48), load(m + 64), load(m + 80))
        let line = target + row * pitch
        add(d.0, line)
        add(d.1, line + stride)
        add(d.2, line + 2 * stride)
        add(d.3, line + 3 * stride)
        add(d.4, line + 4 * stride)
        add(d.5, line + 5 * stride)
    }
}

@inline(__always)
private func add(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
    store(load(pointer) + vector, pointer)
}

private typealias Six = (Vector, Vector, Vector, Vector, Vector, Vector)

/// One dimension of B^T.
@inline(__always)
private func forwardInput(
    _ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector, _ e: Vector, _ f: Vector
) -> Six {
    let even = e.addingProduct(c, Vector(repeating: -4))
    let odd = d.addingProduct(b, Vector(repeating: -4))
    let near = e - c
    let twice = (d - b) + (d - b)
    return (
        e.addingProduct(a, Vector(repeating: 4)).addingProduct(c, Vector(repeating: -5)),
        even + odd, even - odd, near + twice, near - twice,
        f.addingProduct(b, Vector(repeating: 4)).addingProduct(d, Vector(repeating: -5))
    )
}

/// One dimension of A^T.
@inline(__always)
private func forwardOutput(
    _ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector, _ e: Vector, _ f: Vector
) -> (Vector, Vector, Vector, Vector) {
    let sum = b + c
    let difference = b - c
    let farSum = d + e
    let farDifference = d - e
    return (
        a + sum + farSum,
        difference.addingProduct(farDifference, Vector(repeating: 2)),
        sum.addingProduct(farSum, Vector(repeating: 4)),
        (difference + f).addingProduct(farDifference, Vector(repeating: 8))
    )
}

/// One dimension of A.
@inline(__always)
private func backwardOutput(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) -> Six {
    let even = a + c
    let odd = b + d
    let farEven = a.addingProduct(c, Vector(repeating: 4))
    let farOdd = (b + b).addingProduct(d, Vector(repeating: 8))
    return (a, even + odd, even - odd, farEven + farOdd, farEven - farOdd, d)
}

/// One dimension of B.
@inline(__always)
private func backwardInput(
    _ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector, _ e: Vector, _ f: Vector
) -> Six {
    let sum = b + c
    let difference = b - c
    let farSum = d + e
    let farDifference = d - e
    return (
        4 * a,
        4 * (f - difference) - 2 * farDifference,
        -5 * a - 4 * sum - farSum,
        difference.addingProduct(farDifference, Vector(repeating: 2))
            .addingProduct(f, Vector(repeating: -5)),
        a + sum + farSum,
        f
    )
}
