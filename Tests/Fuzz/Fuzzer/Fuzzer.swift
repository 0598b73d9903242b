import Fuzzing

/// libFuzzer's own main function: arguments, which it may change, and what tries an input.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// `fuzzer web …`, `fuzzer krea …` or `fuzzer records …`: the rest are libFuzzer's arguments. A finding ends it, and libFuzzer keeps the input.
@main
enum Fuzzer {
    static func main() throws {
        let name = CommandLine.arguments.dropFirst().first
        var count = CommandLine.argc - 1
        var arguments = CommandLine.unsafeArgv + 1
        let status =
            switch name {
            case "web": runDriver(&count, &arguments) { Fuzzer.try($0, $1, WebFuzz.run) }
            case "krea": runDriver(&count, &arguments) { Fuzzer.try($0, $1, KreaFuzz.run) }
            default: runDriver(&count, &arguments) { Fuzzer.try($0, $1, Fuzzer.server.run) }
            }
        guard status == 0 else { fatalError("libFuzzer ended with \(status).") }
    }

    private static let server: RecordFuzz = {
        do {
            let server = try RecordFuzz()
            Task.detached { try await server.serve() }
            return server
        } catch { fatalError("\(error)") }
    }()

    private static func `try`(_ start: UnsafePointer<UInt8>?, _ count: Int, _ run: ([UInt8]) throws -> Void) -> CInt {
        do {
            try run(Array(UnsafeBufferPointer(start: start, count: count)))
        } catch { fatalError("\(error)") }
        return 0
    }
}
