import CSndfile
public import Foundation

/// Writes sound files through libsndfile.
public enum SoundFile {
    /// Writes channels, all or nothing, to a file whose name says the format: `.flac`, `.caf` and `.w64` (16 bit), `.ogg` (Vorbis), or
    /// `.wav` (32-bit float).
    ///
    /// Shape: `samples` is planar, [channels, frames]. Units: full scale is 1; flac clips beyond it.
    /// Throws: ``SoundDataError/fileSystem(path:operation:reason:)``.
    public static func write(
        _ samples: [Float], channels: Int = 1, sampleRate: Int, to url: URL
    ) throws {
        precondition(channels > 0 && samples.count % channels == 0)
        let frames = samples.count / channels
        var interleaved = samples
        if channels > 1 {
            for frame in 0..<frames {
                for channel in 0..<channels {
                    interleaved[frame * channels + channel] = samples[channel * frames + frame]
                }
            }
        }
        var information = SF_INFO()
        information.samplerate = Int32(sampleRate)
        information.channels = Int32(channels)
        information.format =
            switch url.pathExtension.lowercased() {
            case "flac": Int32(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
            case "ogg": Int32(SF_FORMAT_OGG | SF_FORMAT_VORBIS)
            case "caf": Int32(SF_FORMAT_CAF | SF_FORMAT_PCM_16)
            case "w64": Int32(SF_FORMAT_W64 | SF_FORMAT_PCM_16)
            default: Int32(SF_FORMAT_WAV | SF_FORMAT_FLOAT)
            }
        let target = WrittenFile(url)
        guard let handle = sf_open(target.path, Int32(SFM_WRITE), &information) else {
            throw failure(url, sf_strerror(nil))
        }
        sf_command(handle, Int32(SFC_SET_CLIPPING), nil, Int32(SF_TRUE))
        let written = sf_writef_float(handle, interleaved, sf_count_t(frames))
        let reason = sf_strerror(handle).map { String(cString: $0) }
        guard sf_close(handle) == 0, Int(written) == frames else {
            target.discard()
            throw SoundDataError.fileSystem(
                path: url.path, operation: "write", reason: reason ?? "unknown")
        }
        try target.finish()
    }

    private static func failure(_ url: URL, _ text: UnsafePointer<CChar>?) -> SoundDataError {
        let folder = url.deletingLastPathComponent().path
        let reason =
            FileManager.default.fileExists(atPath: folder)
            ? text.map { String(cString: $0) } ?? "unknown" : "there is no folder '\(folder)'"
        return .fileSystem(path: url.path, operation: "write", reason: reason)
    }
}

/// A file that is written under another name beside it, and then renamed; what is no regular file, such
/// as a device, is written as it is.
private struct WrittenFile {
    let path: String
    private let target: String

    init(_ url: URL) {
        target = url.path
        var status = stat()
        let isOther = stat(target, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        let name = ".\(getpid()).part.\(url.lastPathComponent)"
        path = isOther ? target : url.deletingLastPathComponent().appending(path: name).path
    }

    func discard() { if path != target { unlink(path) } }

    /// Throws: ``SoundDataError/fileSystem(path:operation:reason:)``.
    func finish() throws {
        guard path != target, rename(path, target) != 0 else { return }
        let reason = FilePath.reason(errno)
        discard()
        throw SoundDataError.fileSystem(path: target, operation: "write", reason: reason)
    }
}
