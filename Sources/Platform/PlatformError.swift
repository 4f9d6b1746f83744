import Foundation

/// What the machine, or a limit that is set on this process, does not allow.
public enum PlatformError: Error, Equatable, Sendable {
    case threadRefused(name: String, code: Int32)
    case memoryRefused(bytes: Int)
    case pipeRefused(code: Int32)
    case programRefused(path: String, code: Int32)
    case silentProgram(path: String, seconds: Double)
    case tooFewFiles(limit: Int, needed: Int)
    case unwritable(path: String, code: Int32)
    case notAFile(path: String)
}

extension PlatformError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .threadRefused(let name, let code):
            "the thread '\(name)' cannot be started (\(Self.reason(code))): raise the limits on "
                + "processes and memory ('ulimit -u', 'ulimit -v'), or ask for fewer with -j"
        case .memoryRefused(let bytes):
            "\(bytes >> 20) MB of memory cannot be had: raise the limit ('ulimit -v'), ask for fewer "
                + "with -j, or take smaller settings"
        case .pipeRefused(let code):
            "no pipe can be opened (\(Self.reason(code))): raise the limit on open files "
                + "('ulimit -n')"
        case .programRefused(let path, let code):
            "\(path) cannot be run: \(Self.reason(code))"
        case .silentProgram(let path, let seconds):
            "\(path) has not ended within \(Int(seconds)) s, and was ended: try it by itself"
        case .tooFewFiles(let limit, let needed):
            "only \(limit) files may be open at once, but \(needed) are needed: raise the limit "
                + "('ulimit -n 1024')"
        case .unwritable(let path, let code):
            "cannot write '\(path)': \(Self.reason(code))\(Self.remedy(code))"
        case .notAFile(let path):
            "cannot write '\(path)': something other than a file has that name; name another file"
        }
    }

    /// What is wrong with the file alone, for a message that names it.
    public var reason: String {
        switch self {
        case .unwritable(_, let code): Self.reason(code)
        case .notAFile: "something other than a file has that name"
        default: description
        }
    }

    private static func remedy(_ code: Int32) -> String {
        switch code {
        case ENOSPC, EDQUOT: "; free some space"
        case EFBIG: "; raise the limit on the size of files ('ulimit -f')"
        case EMFILE, ENFILE: "; raise the limit on open files ('ulimit -n')"
        case ENOMEM, EAGAIN: "; free memory, or raise its limit ('ulimit -v')"
        case EACCES, EPERM, EROFS: "; make the folder writable, or name another"
        default: ""
        }
    }

    /// The system's words for an error number.
    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
