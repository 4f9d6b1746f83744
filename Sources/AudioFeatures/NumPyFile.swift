public import Foundation

/// Arrays of 32-bit floats in NumPy's `.npy` format (NEP 1), little endian, in C order.
public enum NumPyFile {
    /// Beginnings of files with more are none of ours: numbers of one kind need a hundred bytes. Units: bytes.
    private static let longestHeader = 1 << 16
    private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]  // \x93NUMPY

    /// Writes `values` with `shape`, under a temporary name first, so that the file is there wholly
    /// or not at all.
    ///
    /// Throws: ``AudioFeaturesError``, where the shape does not fit or the file cannot be written.
    public static func write(_ values: [Float], shape: [Int], to url: URL) throws {
        guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) == values.count else {
            throw AudioFeaturesError.numPyShape(values: values.count, shape: shape)
        }
        let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(axes)), }"
        // The data begin on a multiple of 64 bytes.
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        var bytes = Data(magic + [1, 0])
        bytes.append(contentsOf: [
            UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8),
        ])
        bytes.append(contentsOf: Array(header.utf8))
        values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { bytes.append(contentsOf: $0) }
        do {
            try bytes.write(to: url, options: .atomic)
        } catch {
            throw AudioFeaturesError.file(path: url.path, reason: error.localizedDescription)
        }
    }

    /// Reads what ``write(_:shape:to:)``, or NumPy, wrote.
    ///
    /// Throws: ``AudioFeaturesError`` for other files and for arrays of other types and orders.
    public static func read(_ url: URL) throws -> (values: [Float], shape: [Int]) {
        do {
            let file = try FileHandle(forReadingFrom: url)
            defer { try? file.close() }
            return try read(file, path: url.path)
        } catch let error as AudioFeaturesError {
            throw error
        } catch {
            throw AudioFeaturesError.file(path: url.path, reason: error.localizedDescription)
        }
    }

    private static func read(
        _ file: FileHandle, path: String
    ) throws -> (values: [Float], shape: [Int]) {
        let size = Int(clamping: try file.seekToEnd())
        try file.seek(toOffset: 0)
        let beginning = [UInt8](try file.read(upToCount: longestHeader) ?? Data())
        guard beginning.count >= 12, Array(beginning[0..<6]) == magic,
            (1...3).contains(beginning[6])
        else { throw AudioFeaturesError.notNumPy(path: path) }
        // Version 1 has two bytes of length, later ones four.
        let lengthBytes = beginning[6] == 1 ? 2 : 4
        let length = (0..<lengthBytes).reduce(0) { $0 | Int(beginning[8 + $1]) << (8 * $1) }
        let start = 8 + lengthBytes + length
        guard start <= beginning.count,
            let header = String(bytes: beginning[(8 + lengthBytes)..<start], encoding: .utf8)
        else { throw AudioFeaturesError.notNumPy(path: path) }
        let shape = try shape(header, path: path)
        // A header may claim any size: one beyond all files must not overflow.
        let count = shape.reduce(1) { count, axis in
            let product = count.multipliedReportingOverflow(by: axis)
            return product.overflow ? Int.max >> 3 : min(product.partialValue, Int.max >> 3)
        }
        // Before any of it is in memory: a file may be larger than that.
        guard size == start + 4 * count else {
            throw AudioFeaturesError.numPySize(path: path, bytes: size, wanted: start + 4 * count)
        }
        try file.seek(toOffset: UInt64(start))
        let bytes = try file.read(upToCount: 4 * count) ?? Data()
        guard bytes.count == 4 * count else {
            throw AudioFeaturesError.numPySize(
                path: path, bytes: start + bytes.count, wanted: start + 4 * count)
        }
        let values = bytes.withUnsafeBytes { bytes in
            (0..<count).map { index in
                Float(
                    bitPattern: UInt32(
                        littleEndian: bytes.loadUnaligned(
                            fromByteOffset: 4 * index, as: UInt32.self)))
            }
        }
        return (values, shape)
    }

    private static func shape(_ header: String, path: String) throws -> [Int] {
        func entry(_ key: String, upTo end: Character) -> Substring? {
            guard let name = header.range(of: "'\(key)':") else { return nil }
            return header[name.upperBound...].drop { $0 == " " || $0 == "(" }
                .prefix { $0 != end }
        }
        guard let type = entry("descr", upTo: ","), let order = entry("fortran_order", upTo: ","),
            let axes = entry("shape", upTo: ")")
        else { throw AudioFeaturesError.notNumPy(path: path) }
        guard type == "'<f4'", order == "False" else {
            throw AudioFeaturesError.numPyLayout(
                path: path, found: "type \(type), order \(order == "False" ? "C" : "Fortran")")
        }
        return try axes.split(separator: ",").map { $0.filter { $0 != " " } }
            .filter { !$0.isEmpty }
            .map { axis in
                guard let size = Int(axis), size >= 0 else {
                    throw AudioFeaturesError.notNumPy(path: path)
                }
                return size
            }
    }
}
