package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"time"
)

const waitMax = 20 * time.Second

type post struct {
	path   string
	header http.Header
	body   string
}

// endpoint is a real HTTP server in the process of the cases; what is posted to it can be taken one by one.
type endpoint struct {
	url    string
	server *httptest.Server
	posts  chan post
}

func startEndpoint(status int) *endpoint {
	started := &endpoint{posts: make(chan post, 100)}
	started.server = httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		answer.WriteHeader(status)
		started.posts <- post{request.URL.RequestURI(), request.Header, string(body)}
	}))
	started.url = started.server.URL
	return started
}

func (e *endpoint) take() post {
	select {
	case taken := <-e.posts:
		return taken
	case <-time.After(waitMax):
		panic("nothing was posted")
	}
}

func (e *endpoint) close() {
	e.server.Close()
}
