import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A program that runs beside the test, and what it has said so far. It is told to stop when nobody holds it any more.
final class ChildProcess: Sendable {
    private let output: Output
    private let ended: Task<Int32, any Error>

    /// Starts a program. What it writes to standard output and standard error is kept line by line.
    ///
    /// - Parameter input: Its descriptor 0, which stays the caller's too.
    init(_ executable: URL, _ arguments: [String] = [], environment: [String: String] = [:], input: Int32? = nil) {
        let output = Output()
        self.output = output
        let standardInput = input.map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? open("/dev/null", O_RDONLY | O_CLOEXEC)
        let variables = environment.merging(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]) { given, _ in given }
        ended = Task {
            defer { output.end() }
            let result = try await run(
                .path(FilePath(executable.path)), arguments: Arguments(arguments),
                environment: .custom(Dictionary(uniqueKeysWithValues: variables.map { (.init(stringLiteral: $0.key), $0.value) })),
                input: .fileDescriptor(FileDescriptor(rawValue: standardInput), closeAfterSpawningProcess: true),
                output: .sequence, error: .combinedWithOutput
            ) { execution in
                output.begin(execution.processIdentifier.value)
                for try await line in execution.standardOutput.strings() { output.add(line) }
            }
            return switch result.terminationStatus {
            case .exited(let code), .signaled(let code): code
            }
        }
    }

    deinit {
        // Not SIGKILL: nginx would leave its workers behind.
        output.signal(SIGTERM)
    }

    var isRunning: Bool { !output.hasEnded }

    var lines: [String] { output.lines }

    /// Its number, while it runs.
    var process: pid_t? { output.process }

    /// The processes that it has started and not yet seen end.
    var children: [pid_t] {
        get throws {
            guard let process else { return [] }
            let list = try String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
            return list.split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// Sends a signal to a program that has said something already and has not ended.
    func signal(_ signal: Int32) {
        output.signal(signal)
    }

    /// Waits for the end and returns the exit status, or the number of the signal that ended it.
    ///
    /// - Throws: What kept it from being started.
    func exitStatus() async throws -> Int32 {
        try await ended.value
    }

    /// Waits until the program can say nothing more, and returns all that it has said.
    func allLines() async -> [String] {
        _ = await ended.result
        return lines
    }

    /// Waits until one of the lines, those from before included but for the first `known`, is such that `isIt`, and returns it.
    ///
    /// - Throws: ``ProgramEnded`` when the program ends, or the test is cancelled, before it was said.
    @discardableResult
    func line(after known: Int = 0, where isIt: @escaping @Sendable (String) -> Bool) async throws -> String {
        guard let found = await output.line(after: known, where: isIt) else { throw ProgramEnded(lines: lines) }
        return found
    }
}

struct ProgramEnded: Error {
    let lines: [String]
}

/// What a program has said, and who waits for it to say more.
private final class Output: Sendable {
    /// Is given all lines, and whether more can come; says whether it has heard enough.
    private typealias Waiter = @Sendable (_ lines: [String], _ isLast: Bool) -> Bool

    private struct State {
        var lines: [String] = []
        var process: pid_t?
        var hasEnded = false
        var waiters: [UUID: Waiter] = [:]
    }

    private let state = Mutex(State())

    var lines: [String] { state.withLock { $0.lines } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }
    var process: pid_t? { state.withLock { $0.process } }

    func begin(_ process: pid_t) {
        state.withLock { $0.process = process }
    }

    func add(_ line: String) {
        change { $0.lines.append(line) }
    }

    func end() {
        change { state in
            state.hasEnded = true
            state.process = nil
        }
    }

    func signal(_ signal: Int32) {
        state.withLock { state in
            if let process = state.process { kill(process, signal) }
        }
    }

    /// The line, or nil when the program ends, or the task is cancelled, before it was said.
    func line(after known: Int, where isIt: @escaping @Sendable (String) -> Bool) async -> String? {
        let id = UUID()
        return await withTaskCancellationHandler {
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
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            state.waiters = state.waiters.filter { !$0.value(state.lines, state.hasEnded) }
        }
    }
}
