import Foundation

/// Paths of files as the system has them: bytes, which need not be UTF-8.
///
/// A byte that is no part of a UTF-8 character is kept as a scalar of a private-use plane, so that a
/// path is a `String` or a `URL` everywhere and names the same file when it is opened.
enum FilePath {
    private static let firstScalar: UInt32 = 0x10_F700

    /// What a path or name reads as.
    static func text(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = String.UnicodeScalarView()
        var index = 0
        while index < bytes.count {
            let scalar = (1...4).lazy.compactMap { length -> (Unicode.Scalar, Int)? in
                guard index + length <= bytes.count,
                    let part = String(validating: bytes[index..<(index + length)], as: UTF8.self),
                    let scalar = part.unicodeScalars.first
                else { return nil }
                return (scalar, length)
            }.first
            text.append(
                scalar?.0 ?? Unicode.Scalar(firstScalar + UInt32(bytes[index])) ?? "\u{FFFD}")
            index += scalar?.1 ?? 1
        }
        return String(text)
    }

    /// A path or name as a person reads it: `gr\xFCn` where a byte is no part of a character.
    static func shown(_ path: String) -> String {
        guard path.unicodeScalars.contains(where: { byte($0) != nil }) else { return path }
        return path.unicodeScalars.reduce(into: "") { text, scalar in
            if let byte = byte(scalar) {
                text += "\\x" + String(byte, radix: 16, uppercase: true)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    /// Calls the system with the bytes of a path.
    static func withBytes<Result>(_ path: String, _ body: (UnsafePointer<CChar>) -> Result)
        -> Result
    {
        guard path.unicodeScalars.contains(where: { byte($0) != nil }) else {
            return path.withCString(body)
        }
        var bytes: [CChar] = []
        for scalar in path.unicodeScalars {
            if let byte = byte(scalar) {
                bytes.append(CChar(bitPattern: byte))
            } else {
                bytes += UTF8.encode(scalar).map { $0.map(CChar.init(bitPattern:)) } ?? []
            }
        }
        return (bytes + [0]).withUnsafeBufferPointer { buffer in
            // There is at least the closing zero.
            body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }

    /// The path without links, `.` and `..`; nil where nothing is there.
    static func resolved(_ path: String) -> String? {
        guard let resolved = withBytes(path, { realpath($0, nil) }) else { return nil }
        defer { free(resolved) }
        return text(
            UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map {
                UInt8(bitPattern: $0)
            })
    }

    /// What a path leads to, links followed; nil where nothing is there.
    static func status(_ path: String) -> stat? {
        var status = stat()
        return withBytes(path, { stat($0, &status) }) == 0 ? status : nil
    }

    static func isLink(_ path: String) -> Bool {
        var status = stat()
        return withBytes(path, { lstat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    static func isFolder(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    /// The names in a folder, sorted, without `.` and `..`.
    ///
    /// Throws: the reason why it cannot be listed.
    static func names(in folder: String) throws(AudioFileFault) -> [String] {
        guard let handle = withBytes(folder, { opendir($0) }) else {
            throw AudioFileFault(.missing, "the folder cannot be read (\(reason(errno)))")
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                text(Array(bytes.prefix { $0 != 0 }))
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }

    private static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        guard scalar.value >= firstScalar + 0x80, scalar.value <= firstScalar + 0xFF else {
            return nil
        }
        return UInt8(scalar.value - firstScalar)
    }
}
