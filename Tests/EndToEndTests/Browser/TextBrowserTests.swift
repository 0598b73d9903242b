import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

/// A person with a text browser: w3m at a terminal of its own, which `script` makes.
@Suite(.timeLimit(.minutes(5))) struct TextBrowserTests {
    @Test func `a prompt is written, sent and answered with the picture's address`() async throws {
        let stack = try await Stack()
        // w3m leaves text of several lines to an editor.
        let editor = stack.folder.file("editor")
        try "#!/bin/sh\nfor file; do :; done\nprintf 'a lighthouse\\nat dusk\\n' >\"$file\"\n".write(
            toFile: editor, atomically: true, encoding: .utf8)
        #expect(chmod(editor, 0o755) == 0)
        let keys = Pipe()
        let browser = ChildProcess(
            URL(filePath: "/usr/bin/script"), ["--quiet", "--return", "--command", "w3m '\(stack.base)/'", "/dev/null"],
            environment: ["HOME": stack.folder.path, "TERM": "xterm", "EDITOR": editor, "LANG": "C.UTF-8"],
            input: keys.fileHandleForReading.fileDescriptor)
        func press(_ text: String) throws { try keys.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }

        // To the label, on to its field, and into it; to the button, and on it. Before the page is seen the terminal is not w3m's.
        try await browser.line { $0.contains("Prompt") }
        try press("/Prompt\r\t\r")
        try await browser.line { $0.contains("lighthouse") }
        try press("/Create picture\r\r")
        let accepted = try await stack.service.line { $0.contains("job accepted") }
        let id = try #require(accepted.firstMatch(of: /job=([0-9a-f-]{36})/)?.1)
        let picture = try #require(try await stack.finished(String(id))["result"]?["urls"]?.elements?.first?.text)
        // Read again, save what is seen, leave.
        let saved = stack.folder.file("seen.txt")
        try press("RS\(saved)\rQ")
        #expect(try await browser.exitStatus() == 0)
        let seen = try String(contentsOfFile: saved, encoding: .utf8)
        #expect(seen.contains("Generated with Nano Banana 2: a lighthouse at dusk"))
        #expect(seen.contains(picture))
    }
}
