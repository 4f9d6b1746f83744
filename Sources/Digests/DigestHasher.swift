import CXXHash

/// Computes a ``Digest`` piece by piece, so that a file need not fit in memory.
///
/// `update` calls are concatenated: two calls with "ab" and "c" give the digest of "abc". Separate
/// fields by their lengths, or hash a canonical text, where "ab" + "c" must differ from "a" + "bc".
public struct DigestHasher: ~Copyable {
    private let state: OpaquePointer

    public init() {
        guard let state = XXH3_createState() else { fatalError("out of memory for a hash state") }
        self.state = state
        XXH3_128bits_reset(state)
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        XXH3_128bits_update(state, base, bytes.count)
    }

    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// As the 16 bytes that it is, the most significant first, on every machine.
    public mutating func update(_ digest: Digest) {
        withUnsafeBytes(of: (digest.high.bigEndian, digest.low.bigEndian)) { update($0) }
    }

    public consuming func finalize() -> Digest {
        let hash = XXH3_128bits_digest(state)
        return Digest(high: hash.high64, low: hash.low64)
    }

    deinit { XXH3_freeState(state) }
}
