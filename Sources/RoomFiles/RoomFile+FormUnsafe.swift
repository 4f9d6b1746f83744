public import Foundation

/// The form in which a process that reads a file hands over what it has found: as plain as can be, since
/// what comes from there is checked once more.
///
///     0   magic "ABLROOM1" (or "ABLFAULT", with a text in UTF-8 behind it)
///     8   size of the header, 8 bytes
///     16  header: JSON
///     end samples: 32-bit floats
///
/// All numbers little-endian.
extension RoomFile {
    private static let magic = Data("ABLROOM1".utf8)
    private static let faultMagic = Data("ABLFAULT".utf8)
    private static let headerBytes = 64 << 20

    /// The most bytes that a form can have.
    public static let formBytes = 16 + headerBytes + 4 * RoomFileLimits.samples

    private struct Header: Codable {
        var convention: Convention
        var title: String
        var sampleRate: Int
        var microphones: [[Double]]
        var sources: [[Double]]
        var delays: [Double]
        var sampleCount: Int
    }

    public func form() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let header = try encoder.encode(
            Header(
                convention: convention, title: title, sampleRate: sampleRate,
                microphones: microphones.map { [$0.x, $0.y, $0.z] },
                sources: sources.map { [$0.x, $0.y, $0.z] }, delays: delays,
                sampleCount: sampleCount))
        var data = Self.magic
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(header)
        #if _endian(big)
            samples.map(\.bitPattern.littleEndian).withUnsafeBytes { data.append(contentsOf: $0) }
        #else
            samples.withUnsafeBytes { data.append(contentsOf: $0) }
        #endif
        return data
    }

    /// What stands in the place of a form where there is a fault.
    public static func form(of fault: RoomFileFault) -> Data {
        faultMagic + Data(fault.description.utf8.prefix(4096))
    }

    /// Throws: ``RoomFileFault`` for what no file can have been, and for the fault that stands in its place.
    public init(form data: Data) throws(RoomFileFault) {
        let data = data.startIndex == 0 ? data : Data(data)
        if data.prefix(8) == Self.faultMagic {
            throw RoomFileFault(String(decoding: data.dropFirst(8).prefix(4096), as: UTF8.self))
        }
        let damaged = RoomFileFault("what was read of it is damaged")
        guard data.count >= 16, data.prefix(8) == Self.magic else { throw damaged }
        let size = data[8..<16].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard size <= UInt64(min(Self.headerBytes, data.count - 16)) else { throw damaged }
        let end = 16 + Int(size)
        guard let header = try? JSONDecoder().decode(Header.self, from: data[16..<end]),
            header.microphones.allSatisfy({ $0.count == 3 }),
            header.sources.allSatisfy({ $0.count == 3 }), (data.count - end) % 4 == 0,
            (data.count - end) / 4 <= RoomFileLimits.samples
        else { throw damaged }
        var samples = [Float](repeating: 0, count: (data.count - end) / 4)
        samples.withUnsafeMutableBytes { bytes in
            _ = data[end...].copyBytes(to: bytes)
        }
        #if _endian(big)
            samples = samples.map { Float(bitPattern: UInt32(littleEndian: $0.bitPattern)) }
        #endif
        self.init(
            convention: header.convention, title: header.title, sampleRate: header.sampleRate,
            microphones: header.microphones.map { SIMD3($0[0], $0[1], $0[2]) },
            sources: header.sources.map { SIMD3($0[0], $0[1], $0[2]) }, delays: header.delays,
            sampleCount: header.sampleCount, samples: samples)
        try validate()
    }
}
