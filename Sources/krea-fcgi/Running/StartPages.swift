import FoundationEssentials
import Glibc
import ServiceLifecycle

/// Gives back to the system what only the start has needed of the program's file.
///
/// The start goes through most of the program once: addresses are bound, types and their conformances are looked up, settings are read. What that
/// has brought into memory would stay there: two thirds of all that an idle service takes.
struct StartPages: ServiceLifecycle.Service {
    /// When the start is over, Krea's document of its routes read, and the first requests answered.
    static let delay: Duration = .seconds(10)

    let clock: any Clock<Duration>

    func run() async {
        await cancelWhenGracefulShutdown {
            guard (try? await clock.sleep(for: Self.delay)) != nil else { return }
            Self.giveBack()
            try? await gracefulShutdown()
        }
    }

    /// The system reads from the file what is needed again, some milliseconds in all (madvise(2), `MADV_PAGEOUT`, since Linux 5.4). Pages that
    /// another process uses too stay. Does nothing where the system cannot do it.
    private static func giveBack() {
        guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        else { return }
        for line in maps.split(separator: "\n") {
            guard let code = codeRange(in: line, of: program) else { continue }
            madvise(UnsafeMutableRawPointer(bitPattern: code.lowerBound), Int(code.count), MADV_PAGEOUT)
        }
    }

    /// Where a line of /proc/self/maps (proc(5)) says that code of `program` is; nil where it speaks of something else.
    static func codeRange(in line: Substring, of program: String) -> Range<UInt>? {
        let columns = line.split(separator: " ", maxSplits: 5)
        guard columns.count == 6, columns[1] == "r-xp", columns[5].drop(while: { $0 == " " }) == program else { return nil }
        let ends = columns[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
    }
}
