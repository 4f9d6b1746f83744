import Foundation

/// Bytes read as little-endian numbers and texts; zero beyond the end.
struct LittleEndianData: Sendable {
    private let data: Data

    var count: Int { data.count }

    init(_ data: Data) {
        self.data = data
    }

    func integer16(_ position: Int) -> Int { Int(load(position, as: UInt16.self).littleEndian) }

    func integer32(_ position: Int) -> Int { Int(load(position, as: UInt32.self).littleEndian) }

    func signed16(_ position: Int) -> Int { Int(load(position, as: Int16.self).littleEndian) }

    /// Up to the first zero byte; letters beyond ASCII are read as Latin-1.
    func text(_ position: Int, _ length: Int) -> String {
        let range = max(0, min(position, count))..<max(0, min(position + length, count))
        let letters = data[range].prefix { $0 != 0 }
        return String(String.UnicodeScalarView(letters.map { Unicode.Scalar($0) }))
    }

    private func load<T: FixedWidthInteger & BitwiseCopyable>(_ position: Int, as type: T.Type) -> T
    {
        guard position >= 0, position + MemoryLayout<T>.size <= count else { return 0 }
        return data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: type) }
    }
}
