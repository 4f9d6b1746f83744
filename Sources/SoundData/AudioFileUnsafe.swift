import CSndfile
import Foundation

/// An open audio file, read through libsndfile (wav, flac, ogg and others).
final class AudioFile {
    let sampleRate: Int
    let channelCount: Int
    /// Samples a channel, according to the header.
    let frameCount: Int

    private let handle: OpaquePointer

    /// Throws: the reason why the file cannot be read, in words.
    init(_ url: URL) throws(AudioFileFault) {
        let path = url.path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw AudioFileFault(reason: "the file is missing")
        }
        guard !isFolder.boolValue else { throw AudioFileFault(reason: "it is a folder") }
        var information = SF_INFO()
        guard let handle = sf_open(path, Int32(SFM_READ), &information) else {
            throw AudioFileFault(reason: Self.reason(path))
        }
        guard information.frames > 0, information.frames < Int64.max / 64,
            information.channels > 0, information.samplerate > 0
        else {
            sf_close(handle)
            throw AudioFileFault(reason: "it holds no samples")
        }
        self.handle = handle
        sampleRate = Int(information.samplerate)
        channelCount = Int(information.channels)
        frameCount = Int(information.frames)
    }

    deinit { sf_close(handle) }

    /// Reads frames `range`, fewer where the file ends early. Shape: interleaved [frames, channels].
    func readInterleaved(_ range: Range<Int>) throws(AudioFileFault) -> [Float] {
        if range.lowerBound > 0 {
            guard sf_seek(handle, sf_count_t(range.lowerBound), SEEK_SET) >= 0 else {
                throw AudioFileFault(reason: "it ends before frame \(range.lowerBound)")
            }
        }
        var read = 0
        let samples = [Float](unsafeUninitializedCapacity: range.count * channelCount) {
            buffer, count in
            if let base = buffer.baseAddress {
                read = Int(sf_readf_float(handle, base, sf_count_t(range.count)))
            }
            count = max(0, read) * channelCount
        }
        guard read > 0 else { throw AudioFileFault(reason: "no samples could be decoded") }
        guard samples.allSatisfy({ $0.isFinite }) else {
            throw AudioFileFault(reason: "it holds samples that are not finite")
        }
        return samples
    }

    private static func reason(_ path: String) -> String {
        guard FileManager.default.isReadableFile(atPath: path) else {
            return "permission denied"
        }
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
        guard size != 0 else { return "the file is empty" }
        let text = sf_strerror(nil).map { String(cString: $0) } ?? "unknown"
        return "not an audio file that libsndfile reads (\(text.lowercased().trimmingDot))"
    }
}

/// Why a file cannot be read.
struct AudioFileFault: Error {
    let reason: String
}

extension String {
    fileprivate var trimmingDot: String { hasSuffix(".") ? String(dropLast()) : self }
}
