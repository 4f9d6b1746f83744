import CHDF5
import Foundation
import Synchronization

/// A file of HDF5, read by its library, which is not made for several threads nor for files that mean
/// harm: see ``RoomFileReader``. Nothing but the file itself is read: links to other files, data kept in
/// other files and filters from plug-ins are faults.
final class HDF5File {
    private let file: hid_t

    private static let lock = Mutex(())

    /// Opens a file for as long as `body` takes; one at a time in a process.
    static func withFile<Value: Sendable>(
        _ path: String, _ body: (HDF5File) throws(RoomFileFault) -> Value
    ) throws(RoomFileFault) -> Value {
        let result = lock.withLock { _ -> Result<Value, RoomFileFault> in
            do throws(RoomFileFault) {
                return .success(try body(try HDF5File(path)))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private init(_ path: String) throws(RoomFileFault) {
        file = ablate_hdf5_open(path)
        guard file >= 0 else {
            throw RoomFileFault(
                "it is no file of HDF5, which SOFA files are, or it is not whole")
        }
    }

    deinit { H5Fclose(file) }

    /// Numbers as they are stored. Shape: row by row.
    struct Numbers<Element> {
        var shape: [Int]
        var values: [Element]
    }

    /// A text of the file itself, or of one of its variables; nil where there is none.
    ///
    /// Throws: ``RoomFileFault`` where it is something else.
    func text(_ attribute: String, of variable: String? = nil) throws(RoomFileFault) -> String? {
        let name = variable.map { "\($0):\(attribute)" } ?? attribute
        var object = file
        if let variable {
            guard let opened = try open(variable) else { return nil }
            object = opened
        }
        defer { if variable != nil { H5Dclose(object) } }
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        let length = ablate_hdf5_text(object, attribute, &buffer, buffer.count)
        if length == -1 { return nil }
        guard length >= 0, length < buffer.count else {
            throw RoomFileFault("its attribute \(name) is no text of at most 65,535 bytes")
        }
        let text = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The sizes of a variable; nil where there is none.
    func shape(_ name: String) throws(RoomFileFault) -> [Int]? {
        guard let data = try open(name) else { return nil }
        defer { H5Dclose(data) }
        return try shape(of: data, name)
    }

    /// All numbers of a variable; nil where there is none.
    ///
    /// - Parameter most: how many there may be.
    func doubles(_ name: String, most: Int) throws(RoomFileFault) -> Numbers<Double>? {
        try values(name, most: most, type: ablate_hdf5_native_double(), zero: 0.0)
    }

    /// Likewise, in single precision.
    func floats(_ name: String, most: Int) throws(RoomFileFault) -> Numbers<Float>? {
        try values(name, most: most, type: ablate_hdf5_native_float(), zero: Float(0))
    }

    private func values<Element>(
        _ name: String, most: Int, type: hid_t, zero: Element
    ) throws(RoomFileFault) -> Numbers<Element>? {
        guard let data = try open(name) else { return nil }
        defer { H5Dclose(data) }
        let shape = try shape(of: data, name)
        var count = 1
        for size in shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: size)
            guard !overflows, product <= most else {
                throw RoomFileFault(
                    "its \(name) has the shape \(shape), more than \(most) numbers")
            }
            count = product
        }
        try check(data, name)
        guard count > 0 else { return Numbers(shape: shape, values: []) }
        var values = [Element](repeating: zero, count: count)
        let outcome = values.withUnsafeMutableBytes { bytes in
            H5Dread(data, type, 0, 0, 0, bytes.baseAddress)
        }
        guard outcome >= 0 else {
            throw RoomFileFault("its \(name) cannot be read to its end")
        }
        return Numbers(shape: shape, values: values)
    }

    /// nil where there is no such name.
    private func open(_ name: String) throws(RoomFileFault) -> hid_t? {
        switch ablate_hdf5_link(file, name) {
        case -1: return nil
        case 0:
            throw RoomFileFault(
                "its \(name) is a link to another place, which is not followed; write it into the file"
            )
        default: break
        }
        let data = H5Dopen2(file, name, 0)
        guard data >= 0 else { throw RoomFileFault("its \(name) is no variable of numbers") }
        return data
    }

    private func shape(of data: hid_t, _ name: String) throws(RoomFileFault) -> [Int] {
        let space = H5Dget_space(data)
        guard space >= 0 else { throw RoomFileFault("its \(name) has no shape") }
        defer { H5Sclose(space) }
        let rank = H5Sget_simple_extent_ndims(space)
        guard (0...4).contains(rank) else {
            throw RoomFileFault("its \(name) has \(rank) dimensions, but must have 4 at most")
        }
        var sizes = [hsize_t](repeating: 0, count: max(1, Int(rank)))
        guard H5Sget_simple_extent_dims(space, &sizes, nil) == rank,
            sizes.allSatisfy({ $0 <= 1 << 40 })
        else { throw RoomFileFault("its \(name) has an impossible size") }
        return sizes.prefix(Int(rank)).map { Int($0) }
    }

    /// Filters of the library itself that are no plug-ins: deflate, shuffle, checksum, szip, n-bit,
    /// scale and offset.
    private static let filters: ClosedRange<Int32> = 1...6
    private static let chunkBytes = 1 << 30

    /// Refuses what would be read from elsewhere, or what takes more memory than it looks.
    private func check(_ data: hid_t, _ name: String) throws(RoomFileFault) {
        let type = H5Dget_type(data)
        guard type >= 0 else { throw RoomFileFault("its \(name) has no type") }
        defer { H5Tclose(type) }
        let kind = H5Tget_class(type)
        guard kind == H5T_FLOAT || kind == H5T_INTEGER else {
            throw RoomFileFault("its \(name) does not hold numbers")
        }
        let list = H5Dget_create_plist(data)
        guard list >= 0 else { throw RoomFileFault("its \(name) is not whole") }
        defer { H5Pclose(list) }
        guard H5Pget_layout(list) != H5D_VIRTUAL, H5Pget_external_count(list) == 0 else {
            throw RoomFileFault(
                "its \(name) is kept in another file, which is not read; write it into the file")
        }
        let count = H5Pget_nfilters(list)
        for index in 0..<max(0, count) {
            var (flags, settings, configuration) = (UInt32(0), 0, UInt32(0))
            let filter = H5Pget_filter2(
                list, UInt32(index), &flags, &settings, nil, 0, nil, &configuration)
            guard Self.filters.contains(filter) else {
                throw RoomFileFault(
                    "its \(name) is compressed by filter \(filter), which HDF5 itself does not have; "
                        + "compress it by deflate")
            }
        }
        guard H5Pget_layout(list) == H5D_CHUNKED else { return }
        var sizes = [hsize_t](repeating: 1, count: 8)
        let rank = H5Pget_chunk(list, 8, &sizes)
        let bytes = sizes.prefix(max(0, Int(min(rank, 8)))).reduce(Double(H5Tget_size(type))) {
            $0 * Double($1)
        }
        guard rank >= 0, bytes <= Double(Self.chunkBytes) else {
            throw RoomFileFault("its \(name) is kept in pieces of more than a gigabyte")
        }
    }
}
