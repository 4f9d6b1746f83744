/// A named stream of random numbers: the same seed and name give the same numbers, whatever other
/// streams were read before, on whichever thread.
///
/// Name a stream after what it decides and the indices that it depends on:
///
///     var stream = Stream(seed, "augmentation", step, recording)
///     let gain = stream.uniform(in: 0.1...0.5)
///
/// The generator is Philox 4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405): the key is a
/// hash of seed and name, the counter is the position. Not for cryptography.
public struct Stream: RandomNumberGenerator, Sendable, Hashable {
    private var key: SIMD2<UInt32>
    private var counter: UInt64 = 0
    private var spare: UInt64 = 0
    private var hasSpare = false
    private let identity: UInt64

    public init(_ seed: UInt64, _ name: String, _ indices: Int...) {
        var hash = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
        // FNV-1a over the name, then the indices one by one, each mixed: "a", 1, 2 differs from "a", 12.
        var text: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { text = (text ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = Self.mix(hash ^ text)
        for index in indices {
            hash = Self.mix(hash &* 0xD134_2543_DE82_EF95 &+ UInt64(bitPattern: Int64(index)))
        }
        identity = Self.mix(hash ^ 0xA076_1D64_78BD_642F)
        key = SIMD2(UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32))
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        if hasSpare {
            hasSpare = false
            return spare
        }
        let block = Self.philox(counter: counter, identity: identity, key: key)
        counter &+= 1
        spare = UInt64(block.w) << 32 | UInt64(block.z)
        hasSpare = true
        return UInt64(block.y) << 32 | UInt64(block.x)
    }

    /// SplitMix64's finaliser: every input bit reaches every output bit.
    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private static func philox(
        counter: UInt64, identity: UInt64, key: SIMD2<UInt32>
    ) -> SIMD4<UInt32> {
        philox4x32(
            counter: SIMD4(
                UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32),
                UInt32(truncatingIfNeeded: identity), UInt32(truncatingIfNeeded: identity >> 32)),
            key: key)
    }
}

/// One block of Philox 4x32-10.
package func philox4x32(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var x = counter
    var key = key
    for _ in 0..<10 {
        let first = UInt64(x.x) &* 0xD251_1F53
        let second = UInt64(x.z) &* 0xCD9E_8D57
        x = SIMD4(
            UInt32(truncatingIfNeeded: second >> 32) ^ x.y ^ key.x,
            UInt32(truncatingIfNeeded: second),
            UInt32(truncatingIfNeeded: first >> 32) ^ x.w ^ key.y,
            UInt32(truncatingIfNeeded: first))
        key = key &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return x
}
