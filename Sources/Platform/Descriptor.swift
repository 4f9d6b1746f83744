import Foundation

/// Writing to what the shell gave this process.
public enum Descriptor {
    /// Writes all of it: a call that was interrupted or took a part goes on, and a pipe whose other
    /// end is slow is waited for, also one that was made not to wait.
    ///
    /// Returns the error number of what went wrong; nil when everything was written.
    public static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var text = text
        return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            #if canImport(Darwin)
                let count = Darwin.write(descriptor, part.baseAddress, part.count)
            #else
                let count = Glibc.write(descriptor, part.baseAddress, part.count)
            #endif
            if count > 0 {
                rest = rest.dropFirst(count)
                continue
            }
            // A device that takes nothing and reports nothing would be asked for ever.
            let code = count == 0 ? EIO : errno
            switch code {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK:
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&request, 1, 1000)
            default: return code
            }
        }
        return nil
    }

    /// Gives a closed standard input, output or error something to stand for it.
    ///
    /// The next file that is opened would take its number, and what is printed would be written into
    /// a checkpoint or a database. What stands there refuses to be written, or read.
    static func fillStandardOnes() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
            // Takes the lowest number that is free: this one, since those below it are in use.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
