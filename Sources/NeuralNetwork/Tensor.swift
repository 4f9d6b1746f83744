/// Numbers in a row-major block, 32-bit floats on a 64-byte boundary.
///
/// A class: passing it never copies, and a layer's output stays the same object from call to call.
public final class Tensor {
    public private(set) var shape: [Int]
    /// How many numbers the shape holds.
    public private(set) var count: Int
    private(set) var storage: AlignedStorage

    /// A tensor of zeros.
    public init(_ shape: [Int]) {
        self.shape = shape
        count = shape.reduce(1, *)
        storage = AlignedStorage(count: count)
    }

    /// A tensor of `values` in row-major order.
    public convenience init(_ shape: [Int], _ values: [Float]) {
        precondition(shape.reduce(1, *) == values.count, "shape \(shape) needs other values")
        self.init(shape)
        self.values = values
    }

    /// Changes the shape. Memory is kept while it suffices; when it does not, larger memory of zeros
    /// takes its place.
    public func resize(_ shape: [Int]) {
        if shape == self.shape { return }
        self.shape = shape
        count = shape.reduce(1, *)
        if count > storage.capacity { storage = AlignedStorage(count: count) }
    }

    public subscript(flat: Int) -> Float {
        get { base[flat] }
        set { base[flat] = newValue }
    }

    /// A copy of the numbers in row-major order.
    public var values: [Float] {
        get { withUnsafeMutableBuffer { Array($0) } }
        set {
            withUnsafeMutableBuffer { buffer in
                for index in 0..<min(count, newValue.count) { buffer[index] = newValue[index] }
            }
        }
    }

    public func fill(_ value: Float) {
        withUnsafeMutableBuffer { $0.update(repeating: value) }
    }

    /// Multiplies every number by `factor`.
    public func scale(by factor: Float) {
        withUnsafeMutableBuffer { buffer in
            for index in 0..<count { buffer[index] *= factor }
        }
    }

    /// Adds `other`, which has as many numbers.
    public func add(_ other: Tensor) {
        precondition(count == other.count, "cannot add \(other.shape) to \(shape)")
        let addend = other.base
        withUnsafeMutableBuffer { buffer in
            for index in 0..<count { buffer[index] += addend[index] }
        }
    }

    /// Takes over the shape and numbers of `other`.
    public func copy(from other: Tensor) {
        resize(other.shape)
        base.update(from: other.base, count: count)
    }
}
