import Acoustics
public import Digests
public import Foundation
import Platform
import Synchronization

/// Recordings of clips placed in rooms: made once, kept in a memory-mapped file named by what it was
/// made from, and read by any number of threads.
///
/// Recordings stand in the order of the data set's clips, the spatialisations of a clip side by side.
public final class RecordingBank: Sendable {
    public let recordings: [Recording]
    public let classes: [String]
    public let settings: BankSettings
    /// What the bank was made from.
    public let digest: Digest
    private let file: MappedFile

    public var microphones: Int { settings.array.count }
    /// Units: Hz.
    public var sampleRate: Int { settings.sampleRate }

    private init(_ file: MappedFile, _ index: BankFile.Index, digest: Digest) {
        self.file = file
        self.digest = digest
        recordings = index.recordings
        classes = index.classes
        settings = index.settings
    }

    /// The recordings of a split; for ``Split/pretraining`` those of ``Split/training`` where no clips
    /// were set aside for it. Indices into ``recordings``.
    public func indices(for split: Split) -> [Int] {
        let own = recordings.indices.filter { recordings[$0].split == split }
        return own.isEmpty && split == .pretraining ? indices(for: .training) : own
    }

    /// Reads a stretch of a recording.
    ///
    /// Shape: [microphones, samples.count], planar. Units: a source's root mean square is 0.1 at one
    /// metre, without the room; recordings of real rooms have 0.1 over all their channels.
    ///
    /// - Parameter order: channel m of the result is microphone `order[m]`; nil keeps their order.
    public func read(
        _ recording: Int, samples: Range<Int>, order: [Int]? = nil,
        into buffer: UnsafeMutableBufferPointer<Float>
    ) {
        let entry = recordings[recording]
        precondition(samples.lowerBound >= 0 && samples.upperBound <= entry.sampleCount)
        precondition(buffer.count >= microphones * samples.count)
        for channel in 0..<microphones {
            let microphone = order?[channel] ?? channel
            let first = microphone * entry.sampleCount + samples.lowerBound
            file.restore(
                from: entry.offset + first * MemoryLayout<Int16>.size, count: samples.count,
                scale: entry.scale, into: buffer, at: channel * samples.count)
        }
    }

    /// Reads a whole recording. Shape: [microphones, sampleCount], planar.
    public func read(_ recording: Int) -> [Float] {
        let count = recordings[recording].sampleCount
        return [Float](unsafeUninitializedCapacity: microphones * count) { buffer, initialised in
            read(recording, samples: 0..<count, into: buffer)
            initialised = microphones * count
        }
    }

    /// The name of what ``build(_:_:at:threads:progress:isCancelled:)`` would make, known without
    /// making it.
    public static func digest(_ dataSet: SoundDataSet, _ settings: BankSettings) -> Digest {
        var hasher = DigestHasher()
        hasher.update("recording bank \(BankFile.version)\n\(dataSet.digest)\n")
        if let data = try? BankFile.encoder().encode(settings) {
            data.withUnsafeBytes { hasher.update($0) }
        }
        return hasher.finalize()
    }

    /// Opens a bank and checks its index and its samples against their digests; without
    /// `verifyingSamples` the index and the file's size alone.
    ///
    /// Throws: ``SoundDataError/bankMissing(path:)``, ``SoundDataError/bankDamaged(path:reason:)`` or
    /// ``SoundDataError/bankOfOtherContent(path:found:expected:)``; the remedy for each is to build it.
    /// ``SoundDataError/fileSystem(path:operation:reason:)`` where the machine is at fault.
    ///
    /// - Parameter digest: what it is to have been made from; nil for whatever it is.
    public static func open(
        _ url: URL, expecting digest: Digest?, verifyingSamples: Bool = true
    ) throws -> RecordingBank {
        let path = url.path
        func damaged(_ reason: String) -> SoundDataError {
            .bankDamaged(path: path, reason: reason)
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw SoundDataError.bankMissing(path: path)
        }
        guard let file = try MappedFile(path), file.count >= BankFile.headerBytes,
            let header = BankFile.Header(file.data(0..<BankFile.headerBytes))
        else { throw damaged("it has no header of this version") }
        if let digest, header.content != digest {
            throw SoundDataError.bankOfOtherContent(
                path: path, found: header.content.short, expected: digest.short)
        }
        guard header.indexOffset >= BankFile.samplesOffset,
            header.indexOffset + header.indexBytes == file.count
        else {
            throw damaged(
                "it has \(file.count) bytes, not \(header.indexOffset + header.indexBytes)")
        }
        let range = header.indexOffset..<file.count
        guard file.digest(range) == header.index,
            let index = try? JSONDecoder().decode(BankFile.Index.self, from: file.data(range))
        else { throw damaged("its index is not the one that was written") }
        guard index.isWithin(BankFile.samplesOffset..<header.indexOffset) else {
            throw damaged("its index names samples that it does not hold")
        }
        let bank = RecordingBank(file, index, digest: header.content)
        if verifyingSamples, let torn = bank.firstAlteredRecording() {
            throw damaged("recording \(torn) is not the one that was written")
        }
        return bank
    }

    /// Compares all samples with their digests, on all processors.
    private func firstAlteredRecording() -> Int? {
        let altered = Mutex<Int?>(nil)
        let stride = 64
        let blocks = (recordings.count + stride - 1) / stride
        Parallel.perform(iterations: blocks) { block in
            for index in (block * stride)..<min(recordings.count, (block + 1) * stride) {
                let entry = recordings[index]
                let bytes = entry.sampleCount * microphones * MemoryLayout<Int16>.size
                guard file.digest(entry.offset..<(entry.offset + bytes)) != entry.digest else {
                    continue
                }
                altered.withLock { $0 = min($0 ?? index, index) }
            }
        }
        return altered.withLock { $0 }
    }
}
