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
        let (width, scale, kept) = (bytesPerSample, scale, pending)
        pending = [UInt8](unsafeUninitializedCapacity: kept.count + block.count * width) {
            bytes, count in
            for (index, byte) in kept.enumerated() { bytes[index] = byte }
            count = kept.count
            for sample in block {
                let number = UInt32(bitPattern: Int32(clamping: Int((sample * scale).rounded())))
                for byte in 0..<width {
                    bytes[count] = UInt8(truncatingIfNeeded: number >> UInt32(8 * byte))
                    count += 1
                }
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
        var state = state
        pending.withUnsafeBytes { bytes in
            Self.constants.withUnsafeBufferPointer { constants in
                for start in stride(from: 0, to: whole, by: 64) {
                    Self.digest(
                        UnsafeRawBufferPointer(rebasing: bytes[start..<(start + 64)]), constants,
                        &state)
                }
            }
        }
        self.state = state
        length += UInt64(whole)
        pending = Array(pending[whole...])
    }

    /// Takes one block of 64 bytes in.
    private static func digest(
        _ block: UnsafeRawBufferPointer, _ constants: UnsafeBufferPointer<UInt32>,
        _ state: inout (UInt32, UInt32, UInt32, UInt32)
    ) {
        var (a, b, c, d) = state
        @inline(__always) func turn(_ mixed: UInt32, _ step: Int, _ word: Int, _ shift: UInt32) {
            let value = UInt32(
                littleEndian: block.loadUnaligned(fromByteOffset: 4 * word, as: UInt32.self))
            let sum = a &+ mixed &+ constants[step] &+ value
            (a, d, c, b) = (d, c, b, b &+ (sum &<< shift | sum &>> (32 &- shift)))
        }
        for step in stride(from: 0, to: 16, by: 4) {
            turn((b & c) | (~b & d), step, step, 7)
            turn((b & c) | (~b & d), step + 1, step + 1, 12)
            turn((b & c) | (~b & d), step + 2, step + 2, 17)
            turn((b & c) | (~b & d), step + 3, step + 3, 22)
        }
        for step in stride(from: 16, to: 32, by: 4) {
            turn((d & b) | (~d & c), step, (5 * step + 1) & 15, 5)
            turn((d & b) | (~d & c), step + 1, (5 * step + 6) & 15, 9)
            turn((d & b) | (~d & c), step + 2, (5 * step + 11) & 15, 14)
            turn((d & b) | (~d & c), step + 3, (5 * step + 16) & 15, 20)
        }
        for step in stride(from: 32, to: 48, by: 4) {
            turn(b ^ c ^ d, step, (3 * step + 5) & 15, 4)
            turn(b ^ c ^ d, step + 1, (3 * step + 8) & 15, 11)
            turn(b ^ c ^ d, step + 2, (3 * step + 11) & 15, 16)
            turn(b ^ c ^ d, step + 3, (3 * step + 14) & 15, 23)
        }
        for step in stride(from: 48, to: 64, by: 4) {
            turn(c ^ (b | ~d), step, (7 * step) & 15, 6)
            turn(c ^ (b | ~d), step + 1, (7 * step + 7) & 15, 10)
            turn(c ^ (b | ~d), step + 2, (7 * step + 14) & 15, 15)
            turn(c ^ (b | ~d), step + 3, (7 * step + 21) & 15, 21)
        }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
    }

    /// The first 32 bits behind the point of the sines of 1 to 64.
    private static let constants: [UInt32] = (1...64).map { step in
        UInt32(abs(sin(Double(step))) * 0x1p32)
    }
}
