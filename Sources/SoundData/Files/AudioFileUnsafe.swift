import CSndfile
import Foundation
import Synchronization

/// An open audio file, read block by block through libsndfile (wav, flac, ogg and others).
///
/// What its header says of its length is never believed: it is read until it ends.
final class AudioFile {
    let sampleRate: Int
    let channelCount: Int
    /// Interleaved samples of the last block that was read. Units: full scale is 1.
    private(set) var block: [Double]

    /// How many frames the decoder expects of the file; not to be believed.
    let promisedFrames: Int

    private let handle: OpaquePointer
    private let blockFrames: Int
    private let path: String
    private let bytes: Int

    static let sampleRates = 100...768_000

    /// Of the names of files that libsndfile reads.
    static let endings: Set = [
        "wav", "flac", "ogg", "oga", "opus", "mp3", "aif", "aiff", "aifc", "au", "snd", "caf",
        "w64", "rf64", "wave",
    ]

    /// libsndfile has one reason for all files that could not be opened.
    private static let opening = Mutex(())

    /// Throws: the reason why the file cannot be read, in words.
    init(_ url: URL) throws(AudioFileFault) {
        let path = url.path
        self.path = path
        let file = try RegularFile(path)
        bytes = file.stamp.bytes
        guard bytes > 0 else { throw AudioFileFault(.unreadable, "the file is empty") }
        var information = SF_INFO()
        let (handle, text) = Self.opening.withLock { _ -> (OpaquePointer?, String) in
            let handle = FilePath.withBytes(path) { sf_open($0, Int32(SFM_READ), &information) }
            return (handle, handle == nil ? sf_strerror(nil).map { String(cString: $0) } ?? "" : "")
        }
        guard let handle else {
            throw AudioFileFault(.unreadable, Self.reason(path, libraryText: text))
        }
        let (rate, channels) = (Int(information.samplerate), Int(information.channels))
        guard Self.sampleRates.contains(rate), (1...1024).contains(channels) else {
            sf_close(handle)
            throw AudioFileFault(
                .unreadable,
                channels < 1 || channels > 1024
                    ? "it has \(channels) channels"
                    : "its sample rate is \(rate) Hz, but must be from 100 to 768000 Hz")
        }
        self.handle = handle
        promisedFrames = Int(information.frames)
        sampleRate = rate
        channelCount = channels
        blockFrames = max(1, (1 << 16) / channels)
        block = []
    }

    deinit { sf_close(handle) }

    /// Moves to a frame, which may lie behind the end.
    func seek(to frame: Int) throws(AudioFileFault) {
        guard frame == 0 || sf_seek(handle, sf_count_t(frame), SEEK_SET) >= 0 else {
            throw AudioFileFault(.mismatch, "it ends before frame \(frame)")
        }
    }

    /// Reads the next frames into ``block``, at most `limit` of them; returns how many, 0 at the end.
    func readBlock(atMost limit: Int = .max) -> Int {
        let wanted = min(blockFrames, limit)
        var read = 0
        block = [Double](unsafeUninitializedCapacity: wanted * channelCount) { buffer, count in
            if let base = buffer.baseAddress, wanted > 0 {
                read = max(0, min(wanted, Int(sf_readf_double(handle, base, sf_count_t(wanted)))))
            }
            count = read * channelCount
        }
        return read
    }

    /// Why not one frame could be decoded.
    var emptiness: AudioFileFault {
        if sf_error(handle) != 0 {
            return AudioFileFault(.unreadable, "no samples could be decoded")
        }
        if path.lowercased().hasSuffix(".ogg") || path.lowercased().hasSuffix(".oga") {
            return AudioFileFault(
                .unreadable,
                "its Ogg stream has no end, so its length is unknown; write it anew, as with "
                    + "'ffmpeg -i old.ogg new.flac'")
        }
        return AudioFileFault(
            .unreadable,
            bytes < 4096
                ? "it holds no samples"
                : "its header says that it holds no samples, though it has \(bytes) bytes; write it "
                    + "anew, as with 'ffmpeg -i old new.flac'")
    }

    private static func reason(_ path: String, libraryText: String) -> String {
        let text = libraryText.lowercased().trimmingDot
        var reason = "not an audio file that libsndfile reads"
        if !text.isEmpty, text != "no error" { reason += " (\(text))" }
        let ending = (path as NSString).pathExtension.lowercased()
        let foreign: Set = [
            "m4a", "aac", "mp4", "m4b", "alac", "wma", "asf", "webm", "mka", "mkv", "amr", "ac3",
            "dts", "ape", "wv", "tta", "mpc", "mov", "avi", "3gp", "dsf", "dff", "ra", "rm", "shn",
        ]
        if foreign.contains(ending) {
            reason += "; convert it, as with 'ffmpeg -i old.\(ending) new.flac'"
        }
        return reason
    }
}

extension String {
    fileprivate var trimmingDot: String { hasSuffix(".") ? String(dropLast()) : self }
}
