/// One, two or four vectors side by side: what the product kernels hold of a row of the result.
///
/// Four rows of four vectors (or eight of two) keep both multipliers of an AVX-512 core busy and fit
/// its 32 registers.
protocol VectorGroup {
    /// Floats.
    static var width: Int { get }
    init()
    init(_ pointer: UnsafePointer<Float>)
    mutating func add(_ factor: Float, _ other: Self)
    func store(_ pointer: UnsafeMutablePointer<Float>)
}

struct OneVector: VectorGroup {
    static var width: Int { 16 }
    private var a: Vector

    @inline(__always) init() { a = Vector() }
    @inline(__always) init(_ pointer: UnsafePointer<Float>) { a = load(pointer) }
    @inline(__always) mutating func add(_ factor: Float, _ other: Self) {
        a = a.addingProduct(other.a, Vector(repeating: factor))
    }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) {
        NeuralNetwork.store(a, pointer)
    }
}

struct TwoVectors: VectorGroup {
    static var width: Int { 32 }
    private var a: Vector
    private var b: Vector

    @inline(__always) init() {
        a = Vector()
        b = Vector()
    }
    @inline(__always) init(_ pointer: UnsafePointer<Float>) {
        a = load(pointer)
        b = load(pointer + 16)
    }
    @inline(__always) mutating func add(_ factor: Float, _ other: Self) {
        let x = Vector(repeating: factor)
        a = a.addingProduct(x, other.a)
        b = b.addingProduct(x, other.b)
    }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) {
        NeuralNetwork.store(a, pointer)
        NeuralNetwork.store(b, pointer + 16)
    }
}

struct FourVectors: VectorGroup {
    static var width: Int { 64 }
    private var a: Vector
    private var b: Vector
    private var c: Vector
    private var d: Vector

    @inline(__always) init() {
        a = Vector()
        b = Vector()
        c = Vector()
        d = Vector()
    }
    @inline(__always) init(_ pointer: UnsafePointer<Float>) {
        a = load(pointer)
        b = load(pointer + 16)
        c = load(pointer + 32)
        d = load(pointer + 48)
    }
    @inline(__always) mutating func add(_ factor: Float, _ other: Self) {
        let x = Vector(repeating: factor)
        a = a.addingProduct(x, other.a)
        b = b.addingProduct(x, other.b)
        c = c.addingProduct(x, other.c)
        d = d.addingProduct(x, other.d)
    }
    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>) {
        NeuralNetwork.store(a, pointer)
        NeuralNetwork.store(b, pointer + 16)
        NeuralNetwork.store(c, pointer + 32)
        NeuralNetwork.store(d, pointer + 48)
    }
}

/// Calls `body` for groups of columns that cover `columns`, a multiple of 16.
@inline(__always)
func forEachGroup(_ columns: Int, _ body: (_ first: Int, _ width: Int) -> Void) {
    var first = 0
    while first < columns {
        let rest = columns - first
        let width = rest >= 64 ? 64 : (rest >= 32 ? 32 : 16)
        body(first, width)
        first += width
    }
}
