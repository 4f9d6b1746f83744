import Acoustics
import Digests
import Foundation

/// The format of a bank's file.
///
///     0     magic "ABLTBANK", format version, digest of the content, place, size and digest of the index
///     4096  samples: 16 bit, planar, every recording at a multiple of 64 bytes
///     end   index: JSON, one object, keys sorted
///
/// All numbers little-endian. Every recording carries the digest of its samples, the header that of
/// the index, so that nothing that is read from the file can change unseen.
enum BankFile {
    static let magic: UInt64 = 0x4B4E_4142_544C_4241
    /// 2: recordings have the size of their room, moving sources their elevations and distances.
    static let version: UInt64 = 2
    static let headerBytes = 72
    static let samplesOffset = 4096
    static let alignment = 64

    struct Header: Equatable {
        var content: Digest
        var indexOffset: Int
        var indexBytes: Int
        var index: Digest

        var bytes: Data {
            var data = Data()
            for value in [
                magic, version, content.high, content.low, UInt64(indexOffset),
                UInt64(indexBytes), index.high, index.low, checksum,
            ] {
                withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
            }
            return data
        }

        private var checksum: UInt64 {
            Digest(of: "\(content) \(indexOffset) \(indexBytes) \(index)").low
        }

        init(content: Digest, indexOffset: Int, indexBytes: Int, index: Digest) {
            self.content = content
            self.indexOffset = indexOffset
            self.indexBytes = indexBytes
            self.index = index
        }

        /// nil for bytes that are not a whole header of this version.
        init?(_ data: Data) {
            guard data.count >= headerBytes else { return nil }
            let values = stride(from: 0, to: headerBytes, by: 8).map { start in
                (0..<8).reduce(UInt64(0)) { value, byte in
                    value | UInt64(data[data.startIndex + start + byte]) << (8 * UInt64(byte))
                }
            }
            guard values[0] == magic, values[1] == version, values[4] < 1 << 62,
                values[5] < 1 << 62
            else { return nil }
            self.init(
                content: Digest(high: values[2], low: values[3]), indexOffset: Int(values[4]),
                indexBytes: Int(values[5]), index: Digest(high: values[6], low: values[7]))
            guard values[8] == checksum else { return nil }
        }
    }

    /// What the samples are.
    struct Index: Codable {
        var classes: [String]
        var settings: BankSettings
        var recordings: [Recording]
        /// Whether all samples lie in a part of the file. Its digest keeps accidents out of the index,
        /// this what else may stand in it.
        func isWithin(_ samples: Range<Int>) -> Bool {
            let microphones = settings.array.count
            return (1...1024).contains(microphones)
                && recordings.allSatisfy { recording in
                    guard recording.sampleCount > 0, recording.sampleCount < 1 << 40,
                        recording.offset >= samples.lowerBound, recording.offset % 2 == 0,
                        recording.offset < samples.upperBound
                    else { return false }
                    let bytes = recording.sampleCount * microphones * MemoryLayout<Int16>.size
                    return bytes <= samples.upperBound - recording.offset
                        && (classes.indices.contains(recording.label)
                            || recording.split == .pretraining
                                && recording.label == Clip.unlabelled)
                        && recording.room.map { ($0.min() > 0) && $0.max() < 1e6 } ?? true
                }
        }

        /// Of banks that were built before clips were decoded in advance; now empty.
        var unreadable: [UnreadableClip]
    }

    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
