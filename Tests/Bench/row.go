// The same answer from Go's net/http/fcgi: from memory below /hello/, by its key from SQLite elsewhere.
// usage: row SOCKET ROWS FILE-WITH-THE-BODY
package main

import (
	"database/sql"
	"net"
	"net/http"
	"net/http/fcgi"
	"os"
	"path"
	"strconv"
	"strings"

	_ "github.com/mattn/go-sqlite3"
)

func main() {
	hello, err := os.ReadFile(os.Args[3])
	check(err)
	database, err := sql.Open("sqlite3", "file:"+os.Args[2]+"?mode=ro")
	check(err)
	database.SetMaxIdleConns(8)
	statement, err := database.Prepare("SELECT body FROM answers WHERE id = ?")
	check(err)
	listener, err := net.Listen("unix", os.Args[1])
	check(err)
	check(os.Chmod(os.Args[1], 0666))
	check(fcgi.Serve(listener, http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		body := hello
		if !strings.Contains(request.URL.Path, "/hello/") {
			if statement.QueryRow(path.Base(request.URL.Path)).Scan(&body) != nil {
				answer.WriteHeader(404)
				return
			}
		}
		answer.Header().Set("Content-Type", "application/json")
		answer.Header().Set("Content-Length", strconv.Itoa(len(body)))
		answer.Write(body)
	})))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
