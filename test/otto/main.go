// Evaluates JavaScript the way a Sensu backend does, in whatever otto this was built with. One JSON request a line on
// standard input, one JSON answer a line on standard output; test/support/otto.ts is the other end.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/robertkrimen/otto"
)

type request struct {
	// Paths of the scripts of the asset set.
	Scripts []string `json:"scripts"`
	// What is evaluated with `event` set. For a mutator it is the `eval`, with its own return.
	Expression string          `json:"expression"`
	Event      json.RawMessage `json:"event"`
	Mutator    bool            `json:"mutator"`
	// How often, for the bench; the answer is that of the last time.
	Times int `json:"times"`
}

type answer struct {
	// What a filter goes by: the result coerced as ECMAScript's ToBoolean does.
	Truthy bool `json:"truthy"`
	// The result when it is a string.
	Text *string `json:"text,omitempty"`
	// Why there is none; Sensu skips such an expression, so the event passes.
	Error string `json:"error,omitempty"`
	// Fastest and middle time of one evaluation.
	Least  float64 `json:"least_us,omitempty"`
	Median float64 `json:"median_us,omitempty"`
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	templates := templates{}
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		if err := out.Encode(answerTo(line, templates)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func answerTo(line []byte, templates templates) (got answer) {
	// A panic is what would take a backend down, so a test has to see it.
	defer func() {
		if thrown := recover(); thrown != nil {
			got = answer{Error: fmt.Sprintf("panic: %v", thrown)}
		}
	}()
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error()}
	}
	template, err := templates.of(asked.Scripts)
	if err != nil {
		return answer{Error: err.Error()}
	}
	if asked.Times == 0 {
		asked.Times = 1
	}
	took := make([]time.Duration, asked.Times)
	var value otto.Value
	for i := range took {
		// A fresh event each time, made before the clock starts: its cost is Sensu's and the same for every filter.
		event, err := eventFor(asked)
		if err != nil {
			return answer{Error: err.Error()}
		}
		start := time.Now()
		value, err = evaluate(template, asked, event)
		took[i] = time.Since(start)
		if err != nil {
			return answer{Error: err.Error()}
		}
	}
	return answered(value, took)
}

// evaluate is one evaluation: a copy of the whole VM, the event and Sensu's time functions set, the expression run.
func evaluate(template *otto.Otto, asked request, event interface{}) (otto.Value, error) {
	vm := template.Copy()
	if err := setTimeFunctions(vm); err != nil {
		return otto.Value{}, err
	}
	if err := vm.Set("event", event); err != nil {
		return otto.Value{}, err
	}
	source := asked.Expression
	if asked.Mutator {
		source = "(function () { " + source + " }())"
	}
	return vm.Run(source)
}

func eventFor(asked request) (interface{}, error) {
	if len(asked.Event) == 0 {
		return nil, nil
	}
	if asked.Mutator {
		return liveEvent(asked.Event)
	}
	return flatEvent(asked.Event)
}
