import Glibc
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Logs

/// Where lines go, and which.
@Suite struct LogOutputTests {
    private final class Paper: Sendable {
        let lines = Mutex<[String]>([])
        let room = Mutex(Int.max)
        func write(_ line: String) -> Bool {
            guard
                room.withLock({ room in
                    room -= 1
                    return room >= 0
                })
            else { return false }
            lines.withLock { $0.append(line) }
            return true
        }
    }

    @Test func `a logger follows the level of its output, unless it has its own`() {
        let paper = Paper()
        let output = LogOutput(.journal, level: .info, time: { "" }, write: paper.write)
        let follows = Logger(label: "a", factory: output.handler)
        var owns = Logger(label: "b", factory: output.handler)
        owns.logLevel = .error
        follows.debug("1")
        output.level = .debug
        follows.debug("2")
        owns.debug("3")
        output.format = .json
        owns.error("4")
        #expect(paper.lines.withLock { $0 }.map { $0.contains("message\":\"4\"") ? "4" : $0 } == ["<7>2\n", "4"])
    }

    @Test func `what a logger always says comes with every line`() {
        let paper = Paper()
        let output = LogOutput(.journal, level: .info, time: { "" }, write: paper.write)
        var logger = Logger(label: "a", factory: output.handler)
        logger[metadataKey: "request_id"] = "7"
        logger.info("Said", metadata: ["job": "1"])
        #expect(paper.lines.withLock { $0 } == ["<6>Said job=1 request_id=7\n"])
    }

    @Test func `how many lines were lost is said before the next that is taken`() {
        let paper = Paper()
        let output = LogOutput(.journal, level: .info, time: { "" }, write: paper.write)
        let logger = Logger(label: "a", factory: output.handler)
        paper.room.withLock { $0 = 1 }
        for number in 1...4 { logger.info("\(number)") }
        paper.room.withLock { $0 = 10 }
        logger.info("5")
        let notice = "<4>Lines of the log are missing here: nothing took them in time. lines=3\n"
        #expect(paper.lines.withLock { $0 } == ["<6>1\n", notice, "<6>5\n"])
        output.reportLost()
        #expect(paper.lines.withLock { $0.count } == 3)
        paper.room.withLock { $0 = 0 }
        logger.info("6")
        paper.room.withLock { $0 = 1 }
        output.reportLost()
        #expect(paper.lines.withLock { $0.last } == notice.replacing("3", with: "1"))
    }

    @Test func `the journal is known by the device and inode of its socket, which a redirected output has not`() throws {
        let folder = try TemporaryFolder()
        let journal = open(folder.file("journal"), O_CREAT | O_RDWR, 0o600)
        let other = open(folder.file("other"), O_CREAT | O_RDWR, 0o600)
        defer {
            close(journal)
            close(other)
        }
        var status = stat()
        fstat(journal, &status)
        let environment = ["JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino)"]
        #expect(LogFormat(environment: environment, descriptor: journal) == .journal)
        #expect(LogFormat(environment: environment, descriptor: other) == .text)
        #expect(LogFormat(environment: [:], descriptor: journal) == .text)
        #expect(LogFormat(environment: ["JOURNAL_STREAM": "nonsense"], descriptor: journal) == .text)
    }
}
