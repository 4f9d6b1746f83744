import Digests

/// Fields of a plan, as the words that they are. Each caller gives the count of a list before the
/// list, so that no two plans run together to the same bytes.
extension DigestHasher {
    mutating func add(_ numbers: [Int]) {
        numbers.withUnsafeBytes { update($0) }
    }

    mutating func add(_ digests: [Digest]) {
        digests.withUnsafeBytes { update($0) }
    }

    /// Each with its length before it.
    mutating func add(_ texts: String...) {
        for text in texts {
            add([text.utf8.count])
            update(text)
        }
    }
}
