import Foundation
import Glibc
import Logging
import TestSupport
import Testing

@testable import Logs

/// Lines on their way to a pipe that is read late, or never.
@Suite(.timeLimit(.minutes(5))) struct LogWriterTests {
    /// A pipe whose ends are closed with it.
    private final class Pipe: Sendable {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
        }

        deinit {
            close(reading)
            close(writing)
        }

        /// Reads until there were as many line ends.
        func lines(_ count: Int) -> [String] {
            var bytes: [UInt8] = []
            var part = [UInt8](repeating: 0, count: 1 << 16)
            while bytes.count(where: { $0 == 10 }) < count {
                let count = read(reading, &part, part.count)
                guard count > 0 else { break }
                bytes += part.prefix(count)
            }
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    @Test func `lines are written whole and in order, whoever reads them when`() async throws {
        let pipe = try Pipe()
        let writer = LogWriter(descriptor: pipe.writing)
        for number in 1...10_000 { #expect(writer.add("line \(number)\n")) }
        let lines = try await onThread { pipe.lines(10_000) }
        #expect(lines == (1...10_000).map { "line \($0)" })
        #expect(try await onThread { writer.finish(within: .seconds(300)) })
        withExtendedLifetime(pipe) {}
    }

    @Test func `while nothing reads, logging goes on, and what was lost is counted where it is missing`() async throws {
        let pipe = try Pipe()
        let writer = LogWriter(descriptor: pipe.writing, limit: 10_000)
        let output = LogOutput(.journal, level: .info, time: { "" }, write: writer.add)
        let logger = Logger(label: "a", factory: output.handler)
        // Much more than the pipe and the queue hold: a logger that waited would wait for ever.
        for number in 1...100_000 { logger.info("\(number)") }
        let reading = Task { try await onThread { pipe.lines(.max) } }
        // Half of the queue is free only once the reader has begun: a full one has room for a short line now and then.
        let half = String(repeating: "x", count: 5000)
        while !writer.add(half + "\n") { await Task.yield() }
        output.reportLost()
        #expect(try await onThread { writer.finish(within: .seconds(300)) })
        try #require(dup2(open("/dev/null", O_WRONLY), pipe.writing) >= 0)
        let lines = try await reading.value
        var next = 1
        for line in lines where line != half {
            if line.hasPrefix("<4>Lines of the log are missing here") {
                next += try #require(line.split(separator: "lines=").last.flatMap { Int($0) })
            } else {
                try #require(line == "<6>\(next)")
                next += 1
            }
        }
        #expect(next == 100_001)
        #expect(lines.count < 100_000)
    }

    @Test func `what waits at the end is written, and no more is taken`() async throws {
        let pipe = try Pipe()
        let writer = LogWriter(descriptor: pipe.writing)
        #expect(writer.add("the last\n"))
        #expect(try await onThread { writer.finish(within: .seconds(300)) })
        #expect(!writer.add("too late\n"))
        #expect(try await onThread { pipe.lines(1) } == ["the last"])
    }

    @Test func `the end does not wait for ever for a reader that is not there`() async throws {
        let pipe = try Pipe()
        let writer = LogWriter(descriptor: pipe.writing)
        #expect(writer.add(String(repeating: "x", count: 500_000) + "\n"))
        #expect(!writer.finish(within: .zero))
        // The descriptor may be closed, and be somebody else's, only when the thread has no use for it any more.
        #expect(try await onThread { pipe.lines(1) }.count == 1)
        #expect(try await onThread { writer.finish(within: .seconds(300)) })
        withExtendedLifetime(pipe) {}
    }

    @Test func `a reader that has gone is no end of the process`() async throws {
        let pipe = try Pipe()
        let writer = LogWriter(descriptor: pipe.writing)
        dup2(open("/dev/null", O_RDONLY), pipe.reading)
        #expect(writer.add("nobody\n"))
        #expect(try await onThread { writer.finish(within: .seconds(300)) })
        withExtendedLifetime(pipe) {}
    }

    @Test func `a descriptor that does not block is waited for`() async throws {
        let pipe = try Pipe()
        _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
        let writer = LogWriter(descriptor: pipe.writing)
        let line = String(repeating: "x", count: 300_000)
        #expect(writer.add(line + "\n"))
        #expect(try await onThread { pipe.lines(1) } == [line])
        #expect(try await onThread { writer.finish(within: .seconds(300)) })
    }
}
