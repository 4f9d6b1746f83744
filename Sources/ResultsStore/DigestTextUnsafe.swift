package import Digests

extension Digest {
    /// The same as ``description``, for the hundred thousands of a registration: written in place.
    package var text: String {
        String(unsafeUninitializedCapacity: 32) { bytes in
            for (place, word) in [high, low].enumerated() {
                for digit in 0..<16 {
                    let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * digit)) & 0xF
                    bytes[16 * place + digit] = value < 10 ? 0x30 + value : 0x57 + value
                }
            }
            return 32
        }
    }
}
