import Glibc

/// Reads a file of settings or keys, which only its owner may write.
enum OwnedFile {
    /// The most bytes of a file; a larger one is some other file.
    private static let limit = 1 << 20

    /// Why a file cannot be used.
    struct Problem: Error {
        /// The error of open(2); nil if the file could be opened.
        var code: Int32?
        /// Words that follow the file's name, with a full stop.
        let words: String
    }

    /// The text of the file at a path.
    static func text(at path: String) throws(Problem) -> String {
        // Without waiting: a named pipe would keep the service from starting.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Problem(code: errno, words: "cannot be read: \(String(cString: strerror(errno))).") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw Problem(words: "is not a file.") }
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw Problem(words: "may be written by others than its owner: run chmod go-w on it.")
        }
        guard let bytes = bytes(of: descriptor) else { throw Problem(words: "cannot be read, or is larger than 1 MiB.") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Problem(words: "is not UTF-8.") }
        return text
    }

    private static func bytes(of descriptor: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { return bytes }
            bytes += part.prefix(count)
        }
        return nil
    }
}
