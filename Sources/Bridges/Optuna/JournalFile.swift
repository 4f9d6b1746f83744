import Foundation
import Platform

/// A journal of Optuna, which several processes append to: each takes the lock that Optuna's own take, a
/// symbolic link beside the file.
struct JournalFile {
    let path: String
    /// How long another process is waited for. Units: seconds.
    var patience = 30.0

    /// Appends the lines that `body` makes of what the file says; returns how many.
    ///
    /// Throws: ``BridgesError``.
    func append(_ body: (JournalReading) throws -> [String]) throws -> Int {
        try lock()
        defer { unlink(path + ".lock") }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw fault(errno) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw fault(EINVAL)
        }
        let data = try content(of: descriptor, size: Int(facts.st_size))
        let reading = try JournalReading(data, path: path)
        let lines = try body(reading)
        guard !lines.isEmpty else { return 0 }
        let text = lines.joined(separator: "\n") + "\n"
        // A line that was begun and not ended is of a process that died.
        var code: Int32?
        if reading.end < data.count, ftruncate(descriptor, off_t(reading.end)) != 0 { code = errno }
        if lseek(descriptor, 0, SEEK_END) < 0 { code = errno }
        code = code ?? Descriptor.write(text, to: descriptor)
        if code == nil, fsync(descriptor) != 0 { code = errno }
        if let code { throw fault(code) }
        return lines.count
    }

    private func lock() throws {
        let start = ContinuousClock.now
        while symlink((path as NSString).lastPathComponent, path + ".lock") != 0 {
            guard errno == EEXIST else { throw fault(errno) }
            guard ContinuousClock.now - start < .seconds(patience) else {
                throw BridgesError.journalLocked(path: path)
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    private func content(of descriptor: Int32, size: Int) throws -> Data {
        var data = Data(count: size)
        var done = 0
        while done < size {
            let count = data.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress.map { $0 + done }, size - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw fault(count == 0 ? EIO : errno) }
            done += count
        }
        return data
    }

    private func fault(_ code: Int32) -> BridgesError {
        .unwritable(path: path, reason: String(cString: strerror(code)))
    }
}
