import Foundation
import Synchronization

/// A program that runs beside the test, and what it has said so far.
final class ChildProcess: Sendable {
    /// Is given all lines, and whether more can come; says whether it has heard enough.
    private typealias Waiter = @Sendable (_ lines: [String], _ isLast: Bool) -> Bool

    private struct State {
        var lines: [String] = []
        var partial = Data()
        var hasEnded = false
        var waiters: [UUID: Waiter] = [:]
    }

    private let state = Mutex(State())
    private let process = Process()
    private let ended: AsyncStream<Int32>

    /// Starts a program. What it writes to standard output and standard error is kept line by line.
    init(_ executable: URL, _ arguments: [String] = [], environment: [String: String] = [:]) throws {
        let (ended, end) = AsyncStream.makeStream(of: Int32.self)
        self.ended = ended
        let output = Pipe()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment.merging(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]) { given, _ in given }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        process.terminationHandler = { process in
            end.yield(process.terminationStatus)
            end.finish()
        }
        output.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            self?.take(data)
        }
        try process.run()
    }

    deinit {
        // Not SIGKILL: nginx would leave its workers behind.
        if process.isRunning { process.terminate() }
    }

    var isRunning: Bool { process.isRunning }

    var lines: [String] { state.withLock { $0.lines } }

    /// Sends a signal.
    func signal(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for the end and returns the exit status, or the number of the signal that ended it.
    func exitStatus() async -> Int32 {
        for await status in ended { return status }
        return process.terminationStatus
    }

    /// Waits until the program can say nothing more, and returns all that it has said.
    func allLines() async -> [String] {
        _ = try? await line { _ in false }
        return lines
    }

    /// Waits until one of the lines, those from before included but for the first `known`, is such that `isIt`, and returns it.
    ///
    /// - Throws: ``ProgramEnded`` when the program ends, or the test is cancelled, before it was said.
    @discardableResult
    func line(after known: Int = 0, where isIt: @escaping @Sendable (String) -> Bool) async throws -> String {
        let id = UUID()
        let found: String? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter: Waiter = { lines, isLast in
                    let line = lines.dropFirst(known).first(where: isIt)
                    guard line != nil || isLast else { return false }
                    continuation.resume(returning: line)
                    return true
                }
                state.withLock { state in
                    if !waiter(state.lines, state.hasEnded || Task.isCancelled) { state.waiters[id] = waiter }
                }
            }
        } onCancel: {
            state.withLock { state in _ = state.waiters.removeValue(forKey: id)?(state.lines, true) }
        }
        guard let found else { throw ProgramEnded(lines: lines) }
        return found
    }

    private func take(_ data: Data) {
        state.withLock { state in
            state.hasEnded = state.hasEnded || data.isEmpty
            state.partial.append(data)
            while let newline = state.partial.firstIndex(of: UInt8(ascii: "\n")) {
                state.lines.append(String(decoding: state.partial[..<newline], as: UTF8.self))
                state.partial = Data(state.partial[(newline + 1)...])
            }
            state.waiters = state.waiters.filter { !$0.value(state.lines, state.hasEnded) }
        }
    }
}

struct ProgramEnded: Error {
    let lines: [String]
}
