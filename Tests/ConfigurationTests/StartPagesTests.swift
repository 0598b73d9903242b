import FoundationEssentials
import Testing

@testable import krea_fcgi

struct StartPagesTests {
    private static let program = "/usr/bin/krea-fcgi"

    @Test func `A line about the program's code says where it is`() {
        let line = "55849bae6000-55849e6d9000 r-xp 00000000 fe:00 1835091                    /usr/bin/krea-fcgi"
        #expect(StartPages.codeRange(in: line[...], of: Self.program) == 0x5584_9bae_6000..<0x5584_9e6d_9000)
    }

    @Test(arguments: [
        "55849e80c000-5584a0d8a000 rw-p 02d26000 fe:00 1835091                    /usr/bin/krea-fcgi",
        "55849e6da000-55849e80c000 r--p 02bf2000 fe:00 1835091                    /usr/bin/krea-fcgi",
        "7f8a4be44000-7f8a4bf9a000 r-xp 00026000 fe:00 1835092                    /usr/lib/x86_64-linux-gnu/libc.so.6",
        "55849bae6000-55849e6d9000 r-xp 00000000 fe:00 1835091                    /usr/bin/krea-fcgi (deleted)",
        "7f8a44000000-7f8a440a3000 rw-p 00000000 00:00 0 ", "7ffd3-7ffd1 r-xp 00000000 fe:00 1 /usr/bin/krea-fcgi", "",
    ]) func `A line about anything else says nothing`(line: String) {
        #expect(StartPages.codeRange(in: line[...], of: Self.program) == nil)
    }

    @Test func `A program whose file has been replaced is found by what the system calls it`() {
        let line = "55849bae6000-55849e6d9000 r-xp 00000000 fe:00 1835091                    /usr/bin/krea-fcgi (deleted)"
        #expect(StartPages.codeRange(in: line[...], of: Self.program + " (deleted)") != nil)
    }

    @Test func `The code that runs is among what is given back`() throws {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        let code = maps.split(separator: "\n").compactMap { StartPages.codeRange(in: $0, of: program) }
        let here: @convention(c) () -> Void = {}
        #expect(code.contains { $0.contains(UInt(bitPattern: unsafeBitCast(here, to: Int.self))) })
    }
}
