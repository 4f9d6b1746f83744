package import Foundation
import Platform

/// Records one after another, each with its length and two checksums, as TensorFlow writes them: a file that
/// grows while others read it.
///
/// Source: https://www.tensorflow.org/tutorials/load_data/tfrecord
package enum RecordFile {
    package static func framed(_ record: Data) -> Data {
        var framed = Data(capacity: record.count + 16)
        framed.append(littleEndian: UInt64(record.count))
        framed.append(littleEndian: masked(checksum(framed)))
        framed.append(record)
        framed.append(littleEndian: masked(checksum(record)))
        return framed
    }

    /// The whole records at a file's beginning, and where they end: behind that lies what a process that died
    /// has left.
    package static func records(of file: Data) -> (records: [Data], end: Int) {
        var records: [Data] = []
        var position = file.startIndex
        while file.endIndex - position >= 16 {
            let length = number(file, position)
            let room = file.endIndex - position - 16
            guard length <= UInt64(room),
                masked(checksum(file[position..<position + 8]))
                    == UInt32(
                        truncatingIfNeeded: number(file, position + 8, bytes: 4))
            else { break }
            let end = position + 12 + Int(length)
            let record = file[position + 12..<end]
            guard
                masked(checksum(record)) == UInt32(truncatingIfNeeded: number(file, end, bytes: 4))
            else { break }
            records.append(Data(record))
            position = end + 4
        }
        return (records, position - file.startIndex)
    }

    private static func number(_ data: Data, _ start: Int, bytes: Int = 8) -> UInt64 {
        (0..<bytes).reduce(0) { $0 | UInt64(data[start + $1]) << UInt64(8 * $1) }
    }

    private static func masked(_ checksum: UInt32) -> UInt32 {
        (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
    }

    /// CRC-32C (Castagnoli), RFC 3720, B.4.
    package static func checksum(_ data: Data) -> UInt32 {
        var value = UInt32.max
        for byte in data {
            value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8
        }
        return ~value
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? 0x82F6_3B78 ^ value >> 1 : value >> 1
        }
    }
}
