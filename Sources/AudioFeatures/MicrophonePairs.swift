/// The pairs (i, j), i < j, of an array's microphones, in lexicographic order.
public enum MicrophonePairs {
    /// All pairs of `microphones` microphones: (0, 1), (0, 2), ..., (M - 2, M - 1).
    public static func all(_ microphones: Int) -> [(Int, Int)] {
        (0..<max(microphones, 0)).flatMap { first in
            ((first + 1)..<max(microphones, first + 1)).map { (first, $0) }
        }
    }

    /// How many pairs there are.
    public static func count(_ microphones: Int) -> Int {
        microphones * (microphones - 1) / 2
    }

    /// Where the pair of microphones `first` and `second` stands in ``all(_:)``, in either order.
    public static func index(_ first: Int, _ second: Int, microphones: Int) -> Int {
        let (low, high) = (min(first, second), max(first, second))
        precondition(
            low >= 0 && low < high && high < microphones, "no pair of two different microphones")
        return low * (2 * microphones - low - 1) / 2 + high - low - 1
    }
}
