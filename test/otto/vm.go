package main

import (
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/robertkrimen/otto"
)

// templates are the VMs of asset sets with their scripts loaded. They are only ever copied.
type templates map[string]*otto.Otto

func (cache templates) of(scripts []string) (*otto.Otto, error) {
	key := strings.Join(scripts, "\n")
	if vm, ok := cache[key]; ok {
		return vm, nil
	}
	vm := otto.New()
	order := append([]string(nil), scripts...)
	// Sensu walks a Go map, so scripts load in any order.
	rand.New(rand.NewSource(time.Now().UnixNano())).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, path := range order {
		source, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if _, err := vm.Run(string(source)); err != nil {
			return nil, fmt.Errorf("%s does not load: %w", path, err)
		}
	}
	cache[key] = vm
	return vm, nil
}

// setTimeFunctions defines what Sensu gives to expressions beside the event, all in UTC.
func setTimeFunctions(vm *otto.Otto) error {
	functions := map[string]func(time.Time) interface{}{
		"hour":          func(t time.Time) interface{} { return t.Hour() },
		"minute":        func(t time.Time) interface{} { return t.Minute() },
		"second":        func(t time.Time) interface{} { return t.Second() },
		"weekday":       func(t time.Time) interface{} { return int(t.Weekday()) },
		"seconds_since": func(t time.Time) interface{} { return time.Since(t).Seconds() },
	}
	for name, function := range functions {
		function := function
		err := vm.Set(name, func(call otto.FunctionCall) otto.Value {
			seconds, err := call.Argument(0).ToInteger()
			if err != nil {
				return otto.Value{}
			}
			value, err := vm.ToValue(function(time.Unix(seconds, 0).UTC()))
			if err != nil {
				return otto.Value{}
			}
			return value
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func answered(value otto.Value, took []time.Duration) answer {
	truthy, err := value.ToBoolean()
	if err != nil {
		return answer{Error: err.Error()}
	}
	got := answer{Truthy: truthy}
	if value.IsString() {
		text := value.String()
		got.Text = &text
	}
	if len(took) > 1 {
		sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
		got.Least = float64(took[0].Nanoseconds()) / 1000
		got.Median = float64(took[len(took)/2].Nanoseconds()) / 1000
	}
	return got
}
