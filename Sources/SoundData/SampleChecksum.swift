import Foundation

/// The MD5 (RFC 1321) of samples as FLAC's header has it: whole numbers of as many bytes as a sample
/// needs, little-endian, the channels of a frame in turn.
struct SampleChecksum {
    private let bytesPerSample: Int
    private let scale: Double
    private var state: (UInt32, UInt32, UInt32, UInt32) = (
        0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476
    )
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    init(bitsPerSample: Int) {
        bytesPerSample = (bitsPerSample + 7) / 8
        scale = Double(sign: .plus, exponent: bitsPerSample - 1, significand: 1)
        pending.reserveCapacity(1 << 20)
    }

    /// `block`: full scale is 1.
    mutating func add(_ block: [Double]) {
        for sample in block {
            let number = UInt32(bitPattern: Int32(clamping: Int((sample * scale).rounded())))
            for byte in 0..<bytesPerSample {
                pending.append(UInt8(truncatingIfNeeded: number >> UInt32(8 * byte)))
            }
        }
        digestPending()
    }

    mutating func finalize() -> [UInt8] {
        let bits = (length + UInt64(pending.count)) * 8
        pending.append(0x80)
        while pending.count % 64 != 56 { pending.append(0) }
        for byte in 0..<8 { pending.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * byte))) }
        digestPending()
        return [state.0, state.1, state.2, state.3].flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
        }
    }

    private mutating func digestPending() {
        let whole = pending.count / 64 * 64
        for start in stride(from: 0, to: whole, by: 64) { digest(start) }
        length += UInt64(whole)
        pending.removeFirst(whole)
    }

    private mutating func digest(_ start: Int) {
        var (a, b, c, d) = state
        for step in 0..<64 {
            let mixed: UInt32
            let index: Int
            switch step >> 4 {
            case 0: (mixed, index) = ((b & c) | (~b & d), step)
            case 1: (mixed, index) = ((d & b) | (~d & c), (5 * step + 1) & 15)
            case 2: (mixed, index) = (b ^ c ^ d, (3 * step + 5) & 15)
            default: (mixed, index) = (c ^ (b | ~d), (7 * step) & 15)
            }
            let place = start + 4 * index
            let word =
                UInt32(pending[place]) | UInt32(pending[place + 1]) << 8
                | UInt32(pending[place + 2]) << 16 | UInt32(pending[place + 3]) << 24
            let sum = a &+ mixed &+ Self.constants[step] &+ word
            let shift = Self.shifts[(step >> 4) * 4 + (step & 3)]
            (a, d, c, b) = (d, c, b, b &+ (sum << shift | sum >> (32 - shift)))
        }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
    }

    private static let shifts: [UInt32] = [
        7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21,
    ]

    /// The first 32 bits behind the point of the sines of 1 to 64.
    private static let constants: [UInt32] = (1...64).map { step in
        UInt32(abs(sin(Double(step))) * 0x1p32)
    }
}
