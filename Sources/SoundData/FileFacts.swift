import Digests
import Dispatch
import Foundation
import Synchronization

/// What a look at an audio file's ends tells about it.
struct FileFacts: Sendable {
    let seconds: Double
    let channelCount: Int
    let bytes: Int
    /// Of the first and last 16 KiB.
    let digest: Digest

    private static let edge = 16 * 1024

    init(_ url: URL) throws(AudioFileFault) {
        let file = try AudioFile(url)
        seconds = Double(file.frameCount) / Double(file.sampleRate)
        channelCount = file.channelCount
        do {
            let handle = try FileHandle(forReadingFrom: url)
            defer { try? handle.close() }
            bytes = Int(try handle.seekToEnd())
            var hasher = DigestHasher()
            try handle.seek(toOffset: 0)
            Self.add(try handle.read(upToCount: Self.edge), to: &hasher)
            if bytes > Self.edge {
                try handle.seek(toOffset: UInt64(max(Self.edge, bytes - Self.edge)))
                Self.add(try handle.read(upToCount: Self.edge), to: &hasher)
            }
            digest = hasher.finalize()
        } catch {
            throw AudioFileFault(reason: "it cannot be read to its end")
        }
    }

    /// Looks at many files with all processors; the order of the result is that of `files`.
    static func inspect(_ files: [URL]) -> [Result<FileFacts, AudioFileFault>] {
        let results = Mutex(
            [Result<FileFacts, AudioFileFault>?](repeating: nil, count: files.count))
        let stride = 32
        DispatchQueue.concurrentPerform(iterations: (files.count + stride - 1) / stride) { block in
            let range = (block * stride)..<min(files.count, (block + 1) * stride)
            let facts = range.map { index in
                Result { () throws(AudioFileFault) in try FileFacts(files[index]) }
            }
            results.withLock { $0.replaceSubrange(range, with: facts) }
        }
        return results.withLock { $0.compactMap { $0 } }
    }

    private static func add(_ data: Data?, to hasher: inout DigestHasher) {
        data?.withUnsafeBytes { hasher.update($0) }
    }
}
