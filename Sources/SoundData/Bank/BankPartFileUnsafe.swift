import Digests
import Foundation
import Platform

/// A bank in the making: the file with its samples, and a journal of what is in it.
///
/// A line of the journal is written after the samples that it names, and is believed only when the
/// samples have its digest: so whatever moment a build is killed at, the next one goes on from it.
final class BankPartFile: @unchecked Sendable {
    // Every method that writes is called with the builder's lock held, except `write(_:at:)`, whose
    // places do not overlap.
    private let samples: Int32
    private var journal: Int32 = -1
    private let target: URL
    private let bytes: Int

    private var partPath: String { target.path + ".part" }
    private var journalPath: String { target.path + ".journal" }

    /// Opens or begins the part file of `target`, which needs `bytes`, and waits for another process
    /// that is building it.
    init(_ target: URL, bytes: Int, isCancelled: () -> Bool) throws {
        self.target = target
        self.bytes = bytes
        samples = try Self.openLocked(target.path + ".part", bytes: bytes, isCancelled: isCancelled)
    }

    deinit {
        if journal >= 0 { close(journal) }
        close(samples)
    }

    /// Reserves the room on the disk and returns what an earlier build left.
    func begin(_ digest: Digest, slots: [BankPlan.Slot], microphones: Int) throws -> [Int:
        Recording]
    {
        let kept = try readJournal(digest, slots: slots, microphones: microphones)
        let fault = posix_fallocate(samples, 0, off_t(bytes))
        guard fault == 0 else {
            discard()
            errno = fault
            throw Self.failure(partPath, "write", bytes)
        }
        ftruncate(samples, off_t(bytes))
        // A new file in any case: what stands there may be a link to another.
        unlink(journalPath)
        journal = Foundation.open(
            journalPath, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_CLOEXEC, 0o644)
        guard journal >= 0 else { throw Self.failure(journalPath, "create", bytes) }
        try append("\(digest)")
        for (slot, recording) in kept.sorted(by: { $0.key < $1.key }) {
            try note(recording, slot: slot)
        }
        return kept
    }

    func write(_ steps: [Int16], at offset: Int) throws {
        try steps.withUnsafeBytes { try write($0, to: samples, at: offset) }
    }

    func note(_ recording: Recording, slot: Int) throws {
        let data = try BankFile.encoder().encode(recording)
        try append("\(slot) " + String(decoding: data, as: UTF8.self))
    }

    /// Adds the index and the header, and gives the file its name.
    func finish(_ digest: Digest, _ index: BankFile.Index) throws {
        let data = try BankFile.encoder().encode(index)
        let header = BankFile.Header(
            content: digest, indexOffset: bytes, indexBytes: data.count,
            index: data.withUnsafeBytes { Digest(of: $0) })
        try data.withUnsafeBytes { try write($0, to: samples, at: bytes) }
        try header.bytes.withUnsafeBytes { try write($0, to: samples, at: 0) }
        guard fsync(samples) == 0, rename(partPath, target.path) == 0 else {
            throw Self.failure(target.path, "write", bytes)
        }
        unlink(journalPath)
        let folder = Foundation.open(target.deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// Removes what was begun.
    func discard() {
        unlink(partPath)
        unlink(journalPath)
    }

    private static func openLocked(
        _ path: String, bytes: Int, isCancelled: () -> Bool
    ) throws -> Int32 {
        while true {
            let file = Foundation.open(
                path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0o644)
            guard file >= 0, isOwn(file) else {
                let code = errno
                if file >= 0 { close(file) }
                if file >= 0 || [ELOOP, ENXIO, ENODEV, EISDIR].contains(code) {
                    throw SoundDataError.notABank(path: path)
                }
                errno = code
                throw failure(path, "create", bytes)
            }
            do {
                while flock(file, LOCK_EX | LOCK_NB) != 0 {
                    guard errno == EWOULDBLOCK || errno == EINTR else {
                        throw failure(path, "lock", bytes)
                    }
                    if isCancelled() { throw SoundDataError.cancelled }
                    usleep(100_000)
                }
            } catch {
                close(file)
                throw error
            }
            // Whoever held the lock may have renamed or removed the file meanwhile.
            if isSame(file, path) { return file }
            close(file)
        }
    }

    private static func isSame(_ file: Int32, _ path: String) -> Bool {
        var opened = stat()
        var named = stat()
        return fstat(file, &opened) == 0 && lstat(path, &named) == 0
            && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
    }

    /// Whether it is a regular file under this name alone: a hard link might be anybody's file.
    private static func isOwn(_ file: Int32) -> Bool {
        var status = stat()
        return fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && status.st_nlink <= 1
    }

    private func readJournal(
        _ digest: Digest, slots: [BankPlan.Slot], microphones: Int
    ) throws -> [Int: Recording] {
        guard let journal = try MappedFile(journalPath), let file = try MappedFile(partPath),
            file.count >= bytes
        else { return [:] }
        let data = journal.data(0..<journal.count)
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        guard lines.first.map({ $0 == "\(digest)" }) ?? false else { return [:] }
        var kept: [Int: Recording] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let index = Int(parts[0]), slots.indices.contains(index),
                let recording = try? JSONDecoder().decode(
                    Recording.self, from: Data(parts[1].utf8)),
                recording.offset == slots[index].offset,
                recording.sampleCount == slots[index].sampleCount
            else { continue }
            let size = recording.sampleCount * microphones * MemoryLayout<Int16>.size
            let range = recording.offset..<(recording.offset + size)
            if file.digest(range) == recording.digest { kept[index] = recording }
        }
        return kept
    }

    private func append(_ line: String) throws {
        let text = Array((line + "\n").utf8)
        try text.withUnsafeBytes { try write($0, to: journal, at: nil) }
    }

    private func write(
        _ buffer: UnsafeRawBufferPointer, to file: Int32, at offset: Int?
    ) throws {
        guard let base = buffer.baseAddress else { return }
        var done = 0
        while done < buffer.count {
            let left = buffer.count - done
            let written =
                offset.map { pwrite(file, base + done, left, off_t($0 + done)) }
                ?? Foundation.write(file, base + done, left)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else {
                let failure = Self.failure(partPath, "write", bytes)
                discard()
                throw failure
            }
            done += written
        }
    }

    private static func failure(_ path: String, _ operation: String, _ bytes: Int) -> SoundDataError
    {
        let code = errno
        // Without a limit of the process, it is the file system's.
        if code == EFBIG, ResourceLimits.fileSize != nil {
            return .fileTooLarge(path: path, bytes: bytes)
        }
        if code == ENOSPC || code == EDQUOT || code == EFBIG {
            return .diskFull(path: path, bytes: bytes)
        }
        return .fileSystem(
            path: path, operation: operation, reason: String(cString: strerror(code)))
    }
}
