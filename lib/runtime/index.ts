export {
  type ActionEvent,
  type AnswerResult,
  type CompensationEvent,
  OutcomeUnknown,
  type ParkedMessage,
  saga,
  type SagaClient,
  type SagaExecution,
  type StartResult,
} from './saga';
