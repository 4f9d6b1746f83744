public import Foundation
import Platform
import Synchronization

/// Reads SOFA files, in a process of its own where there is a program for it: a file that is damaged, or
/// made to do harm, can end the library that reads it, and what this library says is checked again.
public enum RoomFileReader {
    private static let reader = Mutex<URL?>(nil)

    /// The command that reads a file for another process: `PROGRAM read-rooms FILE FORM`.
    public static let command = "read-rooms"

    /// The longest that a file may take. Units: seconds.
    public static let limit = 120.0

    /// Has files read by a program with the command ``command`` from now on.
    public static func read(with program: URL) { reader.withLock { $0 = program } }

    /// Throws: ``RoomFileError``.
    public static func read(_ url: URL) throws -> RoomFile {
        try read(url, with: reader.withLock { $0 }, limit: limit)
    }

    /// - Parameter program: nil for this process itself.
    package static func read(_ url: URL, with program: URL?, limit: Double) throws -> RoomFile {
        let path = url.relativePath
        var status = stat()
        guard stat(url.path, &status) == 0 else {
            let reason =
                errno == ENOENT ? "there is no such file" : String(cString: strerror(errno))
            throw RoomFileError.unusable(path: path, reason: "\(reason); give one")
        }
        // A pipe or a device has no end.
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw RoomFileError.unusable(
                path: path, reason: "it is no regular file; give a SOFA file")
        }
        // The library would say that it is none of its own.
        guard access(url.path, R_OK) == 0 else {
            throw RoomFileError.unusable(
                path: path, reason: "it cannot be read: \(String(cString: strerror(errno)))")
        }
        do {
            guard let program else { return try RoomFile(sofa: url) }
            return try RoomFile(form: try form(of: url, program, limit))
        } catch let fault as RoomFileFault {
            throw RoomFileError.unusable(path: path, reason: fault.description)
        }
    }

    /// What another process has found.
    private static func form(of url: URL, _ program: URL, _ limit: Double) throws -> Data {
        let folder = FileManager.default.temporaryDirectory
        let file = folder.appending(path: "ablate-rooms-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        // Nobody else's file can have the name.
        let descriptor = open(file.path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
        guard descriptor >= 0 else { throw PlatformError.unwritable(path: file.path, code: errno) }
        close(descriptor)
        var environment = ProcessInfo.processInfo.environment
        environment["HDF5_USE_FILE_LOCKING"] = "FALSE"
        for name in ["HDF5_PLUGIN_PATH", "HDF5_PLUGIN_PRELOAD", "HDF5_DRIVER"] {
            environment[name] = nil
        }
        let outcome: ChildProcess.Outcome
        do {
            outcome = try ChildProcess.run(
                program, [command, url.path, file.path], in: folder, environment: environment,
                limit: limit)
        } catch PlatformError.silentProgram {
            throw RoomFileError.silent(path: url.relativePath, seconds: limit)
        }
        guard outcome.code == 0 else {
            throw RoomFileError.crashed(path: url.relativePath, code: outcome.code)
        }
        var status = stat()
        guard lstat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            Int(status.st_size) <= RoomFile.formBytes
        else { throw RoomFileFault("what was read of it is damaged") }
        return try Data(contentsOf: file)
    }

    /// What the other process does: reads a file and writes what it found, or what is wrong with it.
    ///
    /// Throws: where the form cannot be written.
    public static func write(_ url: URL, to form: URL) throws {
        let data: Data
        do {
            data = try RoomFile(sofa: url).form()
        } catch let fault as RoomFileFault {
            data = RoomFile.form(of: fault)
        }
        try data.write(to: form)
    }
}
